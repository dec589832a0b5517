/** What `keysweep policy check` prints. */
import type { Account } from '../core/model.ts';
import { describeMatch } from '../core/policy/match.ts';
import type { Policy } from '../core/policy/policy.ts';
import { isProblem, type PolicyRemark } from '../core/policy/remarks.ts';
import { usageProblems } from '../core/policy/usage.ts';
import type { MatchUsage, PolicyUsage } from '../core/policy/usage-types.ts';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import { accountInWords, counted } from './words.ts';

/** A policy that was read, and what is known of whom it fits. */
export interface PolicyCheck {
  readonly file: string;
  readonly policy: Policy;
  /** What the file alone shows. */
  readonly remarks: readonly PolicyRemark[];
  /** Absent where no account was looked at. */
  readonly inAccount?: { readonly account: Account; readonly usage: PolicyUsage };
}

/** What should be looked into: the reason for exit code 1. A match by tags is a choice, and none of it. */
export function problemsOf({ remarks, inAccount }: PolicyCheck): readonly string[] {
  const ofFile = remarks.filter(isProblem).map(({ text }) => text);
  const inUse = inAccount === undefined ? [] : usageProblems(inAccount.usage).filter((text) => !ofFile.includes(text));
  return [...ofFile, ...inUse];
}

/** As JSON of schema `keysweep/policy-check/v1` (docs/schemas/policy-check-v1.schema.json). */
export function renderPolicyCheckJson(check: PolicyCheck): string {
  const { file, policy, remarks, inAccount } = check;
  return jsonText({
    schema: 'keysweep/policy-check/v1',
    file,
    mode: policy.mode,
    problems: problemsOf(check),
    remarks,
    account: inAccount?.account,
    usage: inAccount?.usage,
  });
}

export function renderPolicyCheck(check: PolicyCheck): string {
  const { file, policy, remarks, inAccount } = check;
  const { exemptions, overrides, mode } = policy;
  const counts = `${counted(overrides.length, 'override')}, ${counted(exemptions.length, 'exemption')}`;
  const problems = problemsOf(check);
  const notes = remarks.filter((remark) => !isProblem(remark)).map(({ text }) => text);
  const lines = [
    `${file}: valid, mode ${mode}, ${counts}`,
    ...(inAccount === undefined || overrides.length + exemptions.length === 0
      ? []
      : [`What they match in AWS account ${accountInWords(inAccount.account)}:`]),
    ...overrides.map(({ match }, at) => entry('override', at, describeMatch(match), inAccount?.usage.overrides[at])),
    ...exemptions.map(({ match, expires, owner }, at) => {
      const what = `${describeMatch(match)} until ${expires}, ${owner}`;
      return entry('exemption', at, what, inAccount?.usage.exemptions[at]);
    }),
    ...section('Problems:', problems),
    ...section('Notes:', notes),
    problems.length === 0 ? 'No problems.' : `${counted(problems.length, 'problem')}.`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function section(title: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [title, ...texts.map((text) => `- ${text}`)];
}

function entry(kind: string, at: number, what: string, usage: MatchUsage | undefined): string {
  return `  ${kind} ${at + 1}: ${what}${usage === undefined ? '' : `: ${fitInWords(usage)}`}`;
}

function fitInWords({ matched, names, possible, isElsewhere }: MatchUsage): string {
  if (isElsewhere) return 'of another account';
  const more = matched > names.length ? ` and ${matched - names.length} more` : '';
  const sure = matched === 0 ? 'no one' : `${matched} (${names.join(', ')}${more})`;
  return possible === 0 ? sure : `${sure}; may match ${possible} more whose tags or key ids were not read`;
}
