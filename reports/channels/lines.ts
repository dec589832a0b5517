/** Lines of the table of channels. */

import { commandLines, type ShellCommand } from '../shell-command.ts';
import { wrap } from '../text-layout.ts';

export function indented(text: string, by: number, width: number): string[] {
  return wrap(text, width - by).map((line) => ' '.repeat(by) + line);
}

export function commandIn(command: ShellCommand, by: number, width: number): string[] {
  return commandLines(command, width - by).map((line) => ' '.repeat(by) + line);
}
