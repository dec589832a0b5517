import { resolve } from 'node:path';
import type { Command } from 'commander';
import { KeysweepError } from '../../core/error.ts';
import { starterPolicy } from '../../core/policy/starter.ts';
import { inShell } from '../../reports/shell-word.ts';
import type { CommandContext } from '../command.ts';
import { defaultPolicyFile } from '../input.ts';
import { nextCommand } from '../notes.ts';
import { createFile } from '../output.ts';
import { schemaReference, thisPackage } from '../package-files.ts';

export function addInitCommand(program: Command, { io }: CommandContext): void {
  program
    .command('init')
    .summary('write a starter policy file')
    .description('Writes a commented keysweep.yaml with the default settings. Never overwrites a file.')
    .option('--file <file>', 'where to write it', defaultPolicyFile)
    .action(async ({ file }: { file: string }) => {
      const schema = schemaReference(resolve(io.directory, file), thisPackage());
      const text = `# yaml-language-server: $schema=${schema}\n${starterPolicy}`;
      if (!(await createFile(file, text, io))) {
        throw new KeysweepError('FileExists', `${file} already exists and was not changed`, {
          hint: 'Name another file with --file, or remove this file first.',
        });
      }
      const isDefault = resolve(io.directory, file) === resolve(io.directory, defaultPolicyFile);
      const command = nextCommand(isDefault ? 'audit' : `audit --policy ${inShell(file)}`, io);
      await io.stderr.write(`keysweep: wrote ${file}; read it, then run: ${command}\n`);
    });
}
