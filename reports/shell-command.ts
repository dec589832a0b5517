/** Commands for people to copy: one that does not fit on a line is broken between its options, as a shell reads it. */

/** Its pieces are kept whole. */
export type ShellCommand = readonly string[];

/** The pieces of a command as it is typed. One with a quoted word is one piece: it may hold what looks like an option. */
export function piecesOf(command: string): ShellCommand {
  return command.includes("'") ? [command] : command.split(/ (?=--)/);
}

/** Lines of at most so many characters, where its pieces are not longer. */
export function commandLines(command: ShellCommand, width: number): readonly string[] {
  const lines: string[] = [];
  for (const [at, piece] of command.entries()) {
    const line = lines.at(-1);
    const end = at === command.length - 1 ? 0 : 2;
    if (line !== undefined && line.length + 1 + piece.length + end <= width)
      lines[lines.length - 1] = `${line} ${piece}`;
    else lines.push(line === undefined ? piece : `    ${piece}`);
  }
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line} \\`));
}
