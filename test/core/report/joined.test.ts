import { describe, expect, it } from 'vitest';
import { requiredColumns } from '../../../core/report/columns.ts';
import { bytes, reportText, rootRow, userRow } from '../../support/report-builder.ts';
import { alice, plain as one, refusalOf } from '../../support/report-files.ts';

describe('two reports in one file, as people and scripts join them: one short line', () => {
  const other = reportText([rootRow(), userRow('bob'), userRow('carol')]);
  const [header = '', ...rows] = other.split('\n');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const answer = (text: string) => JSON.stringify({ Content: base64(text), ReportFormat: 'text/csv' });
  const unpadded = (text: string) => base64(text.padEnd(3 * Math.ceil(text.length / 3), '\n'));
  const arnFirst = ['arn', ...requiredColumns.filter((column) => column !== 'arn')];
  const again = 'the header appears again: two reports were joined into one file';
  it.each<[string, Uint8Array, string]>([
    ['two reports in one file', bytes(`${one}\n${other}`), `line 4, column 1: ${again}`],
    ['joined with blank lines between', bytes(`${one}\n\n\n${other}\n`), `line 6, column 1: ${again}`],
    ['joined without a line end between', bytes(`${one}${other}`), `line 3, column 23: ${again}`],
    ['joined with a mark', bytes(`${one}\n\uFEFF${other}`), `line 4, column 1: ${again}`],
    ['joined with a mark and no line end', bytes(`\uFEFF${one}\uFEFF${other}`), `line 3, column 23: ${again}`],
    ['joined, the header in capitals', bytes(`${one}\n${other.replace(header, header.toUpperCase())}`), again],
    ['joined, the first cut off', bytes(`${one.slice(0, -40)}${other}`), again],
    [
      'joined, the columns in another order',
      bytes(`${one}${reportText([alice], requiredColumns.toReversed())}`),
      again,
    ],
    ['joined in UTF-16', Buffer.from(`\uFEFF${one}\uFEFF${other}`, 'utf16le'), again],
    [
      'joined without line end and header',
      bytes(`${one}${rows.slice(1).join('\n')}`),
      'line 3, column 23: a second row begins on this line: the line end between them is missing',
    ],
    [
      'joined without line end and header, the ARN in the first column',
      bytes(`${reportText([alice], arnFirst)}${reportText([userRow('bob')], arnFirst).split('\n')[1]}`),
      'line 2, column 22: a second row begins on this line: the line end between them is missing',
    ],
    [
      'joined, the second without its header',
      bytes(`${other}\n${rows.join('\n')}`),
      '3 of 3 users have several rows: two reports were joined into one file',
    ],
    [
      'joined in the same way, a user less in one of them',
      bytes(`${reportText([rootRow(), alice, userRow('bob')])}\n${rows.slice(0, 2).join('\n')}`),
      '2 of 3 users have several rows: two reports were joined',
    ],
    [
      'joined base64',
      bytes(`${base64(`${one}\n`.padEnd(one.length + 3 - (one.length % 3) + 1))}\n${base64(other)}`),
      'joined',
    ],
    ['joined base64 without padding', bytes(`${unpadded(one)}\n${unpadded(other)}`), again],
    ['joined JSON', bytes(`${answer(one)}\n${answer(other)}\n`), 'two JSON texts were joined into one file'],
    [
      'joined --output text',
      bytes([one, other].map((text) => `${base64(text)}\t2026-11-20T02:00:00Z\ttext/csv\n`).join('')),
      'two answers of get-credential-report were joined into one file',
    ],
    [
      'joined --output text with a blank line between',
      bytes([one, other].map((text) => `${base64(text)}\t2026-11-20T02:00:00Z\ttext/csv\n`).join('\n')),
      'two answers of get-credential-report were joined into one file',
    ],
    [
      '--output text with more below it',
      bytes(`${base64(one)}\t2026-11-20T02:00:00Z\ttext/csv\n\nfoo\n`),
      'there is more text below the answer',
    ],
    [
      'a row swallowed by quotes in a column of notes',
      bytes([`${header},notes`, `${rows[0]},-`, `${rows[1]},"-`, `${rows[2]},-"`].join('\n')),
      'the field contains a line end',
    ],
    [
      'rows swallowed by a quote',
      bytes([header, ...rows.slice(0, 1), `${rows[1]?.replace('N/A,', '"N/A,')}`, `${rows[2]}"`].join('\n')),
      'the field contains a line end',
    ],
  ])('%s', (_, content, problem) => {
    const { message } = refusalOf(content);
    expect(message).toContain(problem);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(160);
  });
});
