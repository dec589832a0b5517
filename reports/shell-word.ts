/** As one word for a shell of the POSIX kind: a path may hold blanks, and zsh reads more than a text in `=name`. */
export function inShell(text: string): string {
  return /^(?!=)[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
