/** What a file is that is not a credential report. Nothing of a file that may contain secrets is quoted. */
import { given } from '../given.ts';
import { quote, ReportError } from './report-error.ts';

interface OtherFile {
  readonly is: RegExp;
  readonly what: string;
  readonly hint?: string;
}

const passReport =
  'None of it is shown. Pass a credential report: aws iam generate-credential-report; aws iam get-credential-report > report.json';

/** Looked for at the beginning of the file, white space aside; the first that fits counts. */
const otherFiles: readonly OtherFile[] = [
  { is: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/, what: 'contains a private key', hint: passReport },
  {
    is: /^(?:[#;].*\s+)*\[[^\]\n",{]+\]\s*\n(?=[\s\S]*\baws_(?:access_key_id|secret_access_key|session_token)\b)/i,
    what: 'is a credentials file of the AWS CLI',
    hint: passReport,
  },
  {
    is: /^(?![\s\S]*\buser_creation_time\b)[\s\S]*?(?:\baws_?(?:access_?key_?id|secret_?access_?key|session_?token)|secret_?access_?key)["']?\s*[:=]/i,
    what: 'contains access keys',
    hint: passReport,
  },
  {
    is: /^"?(?:user ?name|access key id)"?,.*(?:secret access key|password)/i,
    what: 'contains a new access key or password, as the IAM console saves it',
    hint: passReport,
  },
  { is: /^(?:[#;].*\s+)*\[[^\]\n",{]+\]\s*(?:\n|$)/, what: 'is an INI file, such as the configuration of the AWS CLI' },
  { is: /^None\s*$/, what: 'contains only the word None: the answer that was saved had no Content' },
  { is: /^null\s*$/, what: 'contains only the word null: the answer that was saved had no Content' },
  {
    is: /^<(?:!doctype html|html|head|body)/i,
    what: 'is an HTML page, such as the login page of a proxy',
    hint: 'Fetch the report again, signed in.',
  },
  { is: /^<(?:\?xml|\w+Response\b)/, what: 'is XML, not the CSV of a credential report' },
  {
    is: /^(?:---\s+)?(?:- )?["']?(?:Content|GeneratedTime|ReportFormat)["']?: /,
    what: 'is YAML, which is not read',
    hint: 'Save JSON: aws iam get-credential-report --output json > report.json',
  },
  {
    is: /^(?:-{10,}|\+[-+]{10,})\s*\n\|/,
    what: 'is the table output of the AWS CLI, which is not read',
    hint: 'Save JSON: aws iam get-credential-report --output json > report.json',
  },
  {
    is: /^(?:[[(]?\{\s*(?:'|:?\w+:|:\w+\s*=>)|\(b['"]|#<struct |GetCredentialReport\w+\(|Content\s+: )/,
    what: 'is an object as a program prints it, not JSON',
    hint: 'Save the bytes of its Content, or write JSON (json.dumps, JSON.stringify, ConvertTo-Json).',
  },
];

const commandMessage =
  /^aws: |^usage: aws|^(?:Unable to|Could not|Partial credentials|You must specify|The config profile|The SSO session|Token has expired|Error (?:loading|when)|Connect(?:ion)? |Read timeout|SSL validation)|\bcommand not found\b|\bis not recognized as\b/;

/**
 * Refuses text that is known to be something else than a credential report, by its true cause.
 * @param start the text without white space before and after it
 * @throws ReportError
 */
export function refuseOtherFile(start: string): void {
  const [head, firstLine = ''] = [start.slice(0, 2000), start.split(/[\r\n]/, 1)[0]];
  const cliError = /An error occurred \((\w+)\) when calling the (\w+) operation/.exec(head);
  if (cliError !== null) {
    const [, code = '', operation = ''] = cliError;
    const hint = code.startsWith('Report')
      ? 'Run aws iam generate-credential-report until it says COMPLETE, then get-credential-report again.'
      : 'Resolve that error first, then fetch the report again.';
    refuse(`the file contains an error of the AWS CLI instead of a report: ${code} from ${operation}`, hint);
  }
  const other = otherFiles.find(({ is }) => is.test(head));
  if (other !== undefined) refuse(`the file ${other.what}`, other.hint);
  if (!firstLine.includes(',arn:') && commandMessage.test(firstLine)) {
    refuse(`the file contains a message of the command line instead of a report: ${quote(firstLine)}`);
  }
}

function refuse(problem: string, hint?: string): never {
  throw new ReportError(undefined, problem, given({ hint }));
}
