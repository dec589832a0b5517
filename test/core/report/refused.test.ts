import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { requiredColumns } from '../../../core/report/columns.ts';
import { reportText, rootRow } from '../../support/report-builder.ts';
import { alice, answer, base64, pem, plain, python, refusalOf, utf16, wrapped } from '../../support/report-files.ts';

describe('what is refused, by its cause and without a place', () => {
  const [header = '', ...rows] = plain.split('\n');
  const reversed = reportText([rootRow(), alice], requiredColumns.toReversed());
  const quotedLines = plain.split('\n').map((line) => `"${line}"`);
  const rule = '-'.repeat(60);
  const table = `${rule}\n|${' '.repeat(20)}GetCredentialReport${' '.repeat(19)}|\n+${rule}+\n|  Content  |  ${base64}  |\n`;
  const certificate = Buffer.concat([Buffer.of(0x30, 0x82, 3, 0x10), Buffer.alloc(100, 0xa5)]);
  const credentialsFile = '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abc\n';
  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', 'the file is empty'],
    ['white space', ' \r\n\n', 'the file is empty'],
    ['a mark alone', '\uFEFF', 'the file is empty'],
    ['semicolons', plain.replaceAll(',', ';'), 'the fields are separated by semicolons, not by commas'],
    ['semicolons with a mark', `\uFEFF${plain.replaceAll(',', ';')}`, 'separated by semicolons'],
    ['tabs', plain.replaceAll(',', '\t'), 'separated by tabs'],
    ['pipes', plain.replaceAll(',', '|'), 'separated by "|"'],
    [
      'quoted fields with semicolons',
      plain.replace(/[^,\n]+/g, '"$&"').replaceAll(',', ';'),
      'separated by semicolons',
    ],
    ['CR alone', plain.replaceAll('\n', '\r'), 'the lines end with CR alone'],
    ['CR CR LF', plain.replaceAll('\n', '\r\r\n'), 'the lines end with CR CR LF'],
    ['quoted lines', quotedLines.join('\r\n'), 'every line is in quotes, as if it were one field'],
    ['a title line', `sep=,\n${plain}`, 'the header is on line 2, below "sep=,"'],
    ['a title with commas', `Credential report,,\n\n${plain}`, 'the header is on line 3, below "Credential report,,"'],
    ['a title line with quotes', `Report of "prod"\n${plain}`, 'the header is on line 2, below "Report of \\"prod\\""'],
    ['sep=; of a spreadsheet', `sep=;\r\n${plain.replaceAll(',', ';')}`, 'separated by semicolons'],
    ['a title line above semicolons', `Report;;\n\n${plain.replaceAll(',', ';')}`, 'separated by semicolons'],
    ['semicolons without a header', rows.join('\n').replaceAll(',', ';'), 'separated by semicolons'],
    ['tabs without a header', rows.slice(1).join('\n').replaceAll(',', '\t'), 'separated by tabs'],
    ['semicolons and other columns first', reversed.replaceAll(',', ';'), 'separated by semicolons'],
    [
      'the same without a header',
      reversed.replaceAll(',', ';').split('\n').slice(1).join('\n'),
      'separated by semicolons',
    ],
    ['tabs and other columns first', reversed.replaceAll(',', '\t'), 'separated by tabs'],
    ['columns with blanks', plain.replaceAll(',', '  '), 'separated by blanks'],
    ['single quotes', plain.replace(/[^,\n]+/g, "'$&'"), 'the fields are in single quotes'],
    ['no header', rows.join('\n'), 'the header is missing: the first line is already a row'],
    [
      'other names of columns',
      plain.replace(header, header.replaceAll('_', ' ')),
      'the header of a credential report is missing; it begins with "user,arn,user creation time,',
    ],
    ['no header, no root', rows.slice(1).join('\n'), 'the header is missing'],
    ['gzip', gzipSync(plain), 'the file is compressed with gzip'],
    ['base64 of gzip', gzipSync(plain).toString('base64'), 'the file is compressed with gzip'],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'a zip archive or an Excel workbook (.xlsx)'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'an Excel workbook (.xls)'],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x75, 0, 0, 0), 'the file is UTF-32 text'],
    ['NUL bytes', `${header}\n\0\0`, 'binary data (NUL bytes)'],
    ['other bytes', Uint8Array.of(0x75, 0x80, 0x81), 'neither UTF-8 nor UTF-16 text'],
    ['half a character of UTF-16', utf16(plain).slice(0, -1), 'UTF-16 text that is damaged or cut off'],
    [
      'an error of the AWS CLI',
      '\nAn error occurred (ReportNotPresent) when calling the GetCredentialReport operation: Unknown\n',
      'an error of the AWS CLI instead of a report: ReportNotPresent from GetCredentialReport',
    ],
    [
      'an error of the AWS CLI in its newer form',
      'aws: [ERROR]: An error occurred (AccessDenied) when calling the GetCredentialReport operation: no',
      'AccessDenied from GetCredentialReport',
    ],
    [
      'no credentials',
      'Unable to locate credentials. You can configure credentials by running "aws login".',
      'a message of the command line',
    ],
    ['no AWS CLI', 'bash: aws: command not found', 'a message of the command line'],
    [
      'an error message with quotes',
      'Could not connect to the endpoint URL: "https://iam.amazonaws.com/"\n',
      'a message of the command line',
    ],
    [
      'a message of a program, in quotes',
      'fatal: "x" y\n',
      'not a credential report; it begins with "fatal: \\"x\\" y"',
    ],
    ['a message that begins with a quote', '"report" failed, sorry', 'begins with "\\"report\\" failed, sorry"'],
    [
      'a denial in prose, with an ARN and a comma',
      'Sorry, arn:aws:iam::123456789012:user/alice, you are not authorized',
      'not a credential report; it begins with "Sorry, arn:aws',
    ],
    [
      'no AWS CLI on Windows',
      "'aws' is not recognized as an internal or external command,",
      'a message of the command',
    ],
    ['None', 'None\n', 'the file contains only the word None'],
    ['null', 'null', 'the file contains only the word null'],
    ['an HTML page', '<!DOCTYPE html><html><body>Sign in</body></html>', 'an HTML page'],
    ['XML', '<GetCredentialReportResponse xmlns="x"><a/></GetCredentialReportResponse>', 'the file is XML'],
    ['YAML', `Content: ${base64}\nGeneratedTime: '2026-11-20T02:00:00+00:00'\n`, 'the file is YAML'],
    ['YAML of several documents', `---\nContent: ${base64}\n`, 'the file is YAML'],
    ['--output table', table, 'the file is the table output of the AWS CLI'],
    [
      'a dict of Python',
      `{'Content': ${python(plain)}, 'ReportFormat': 'text/csv'}`,
      'an object as a program prints it',
    ],
    [
      'an object of Node.js',
      "{\n  '$metadata': {},\n  Content: Uint8Array(3) [ 1, 2, 3 ]\n}",
      'an object as a program prints it',
    ],
    ['bytes as Python prints them in lines', `(b'${header}\\n'\n b'x')`, 'an object as a program prints it'],
    ['an answer of Ruby', '{:content=>"user,arn,user_creation_time"}', 'an object as a program prints it'],
    ['an answer of Java', 'GetCredentialReportResponse(Content=SdkBytes(bytes=0x7573))', 'as a program prints it'],
    ['an answer of PowerShell', 'Content       : System.IO.MemoryStream\n', 'as a program prints it'],
    ['hexadecimal digits, cut off', Buffer.from(plain).toString('hex').slice(1), 'hexadecimal digits that are cut off'],
    ['bytes as Python prints them, cut off', python(plain).slice(0, -20), 'a bytes literal of Python that is cut off'],
    ['PEM cut off', pem('CERTIFICATE', wrapped).slice(0, -30), '-----BEGIN, but is damaged or cut off'],
    ['a certificate', pem('CERTIFICATE', certificate.toString('base64')), 'the file is a certificate or a key'],
    ['a certificate in bytes', certificate, 'the file is a certificate or a key'],
    ['a private key', pem('RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA'), 'the file contains a private key'],
    ['credentials of the AWS CLI', credentialsFile, 'the file is a credentials file of the AWS CLI'],
    ['the same with CRLF', credentialsFile.replaceAll('\n', '\r\n'), 'a credentials file of the AWS CLI'],
    ['the same below a comment', `# mine\n\n${credentialsFile}`, 'a credentials file of the AWS CLI'],
    ['the configuration of the AWS CLI', '[profile a]\nregion = eu-west-1\n', 'the file is an INI file'],
    ['keys as variables', 'AWS_SECRET_ACCESS_KEY=abc\n', 'the file contains access keys'],
    ['a new key as JSON', '{"AccessKey": {"SecretAccessKey": "abc"}}', 'the file contains access keys'],
    ['a new key of the console', 'Access key ID,Secret access key\nAKIA,abc', 'a new access key or password'],
    [
      'a new password of the console',
      'User name,Password,Console sign-in URL\nalice,abc,https://x',
      'a new access key or password',
    ],
    ['what may be a secret', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'it begins with "<redacted>"'],
    ['base64 cut off', base64.slice(0, 4 * Math.floor(base64.length / 8) + 1), 'base64 that is cut off'],
    [
      'base64 cut off at a whole group',
      base64.slice(0, 4 * Math.floor(base64.length / 5)),
      'the file is cut off in the middle of this row',
    ],
    ['JSON cut off', answer().slice(0, -30), 'begins as JSON, but is damaged or cut off'],
    ['the answer of generate-credential-report', '{"State": "COMPLETE"}', 'the answer of generate-credential-report'],
    [
      'an error in JSON',
      '{"message": "The security token included in the request is expired"}',
      'it is an error message',
    ],
    [
      'other JSON',
      '{"Users": [], "IsTruncated": false}',
      'without the Content of a credential report; it has "Users", "IsTruncated"',
    ],
    ['rows as JSON', '[{"user": "alice"}]', 'without the Content of a credential report: it is a list'],
    [
      'JSON of another form, made with --query',
      JSON.stringify(['ready', base64]),
      'the output of get-credential-report has another form than that of the AWS CLI',
    ],
    [
      'text of another form, made with --query',
      `2026-11-20T02:00:00Z\t${base64}\n`,
      'the output of get-credential-report has another form than that of the AWS CLI',
    ],
    ['an empty Content', answer({ Content: '' }), 'neither base64 nor the text of a report'],
    ['a Content of another type', answer({ Content: { length: 3000.5 } }), 'neither base64 nor the text of a report'],
    ['another format', answer({ ReportFormat: 'text/html' }), 'the ReportFormat in the file is "text/html"'],
    [
      'another CSV file',
      'Account ID,ARN,Email\n123456789012,arn:aws:organizations::1:account/o/2,a@b',
      'not a credential report; it begins with "Account ID,ARN,Email"',
    ],
    ['prose', 'Access Denied', 'not a credential report; it begins with "Access Denied"'],
  ])('%s', (_, content, message) => {
    const error = refusalOf(content);
    expect(error.message).toContain(message);
    expect(error.message.split('\n')).toHaveLength(1);
    expect(error.message.length).toBeLessThan(200);
    expect(error.hint).toBeTruthy();
  });

  it('many missing columns, by number and the first few', () => {
    const few = 'user,arn,user_creation_time\nalice,arn:aws:iam::123456789012:user/alice,2026-01-01T00:00:00Z';
    expect(refusalOf(few).message).toContain(
      '19 of 22 required columns are missing: password_enabled, password_last_used, password_last_changed, ...',
    );
  });
});
