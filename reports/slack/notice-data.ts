/**
 * Whether a value is a notice of schema `keysweep/notice/v1`, as far as a reader relies on it. Whoever may publish to the
 * topic may forge one: commands that are not ours, and links that lead out of AWS, make it a mere text.
 */

import { severities } from '../../core/model.ts';
import { messageKinds, type NoticeData } from '../../core/notice.ts';
import { isConsoleLink } from '../aws-places.ts';

type Check = (value: unknown) => boolean;

/** Properties that are not named may be there: later versions of the schema may add some. */
export function isNoticeData(value: unknown): value is NoticeData {
  return isNotice(value);
}

const text: Check = (value) => typeof value === 'string';
/**
 * What a reader pastes into a shell: one command of ours or of the AWS CLI, and nothing that a shell makes more of. A word
 * may be quoted: `=name` means another text to zsh.
 */
const command: Check = (value) =>
  typeof value === 'string' && /^(?:keysweep|aws)(?: +(?:[\w.,:/@+-][\w.,:=/@+-]*|'[\w .,:=/@+-]*'))*$/.test(value);
const link: Check = (value) => typeof value === 'string' && isConsoleLink(value);
/** A link, or a place such as `s3://bucket/key`, which no one can click on. */
const place: Check = (value) => typeof value === 'string' && (!/^https?:/i.test(value) || isConsoleLink(value));
const count: Check = (value) => typeof value === 'number';
const counts: Check = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every((one) => count(one));
/** One that this runtime knows: dates are shown by its clock. */
const timezone: Check = (value) => {
  if (typeof value !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: value });
    return true;
  } catch {
    return false;
  }
};
const optional = (check: Check) => (value: unknown) => value === undefined || check(value);
const oneOf = (values: readonly unknown[]) => (value: unknown) => values.includes(value);
const listOf = (check: Check) => (value: unknown) => Array.isArray(value) && value.every(check);

function shape(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const fields = value as Record<string, unknown>;
    return Object.entries(checks).every(([name, check]) => check(fields[name]));
  };
}

const isItem = shape({
  group: text,
  principal: shape({ kind: oneOf(['root', 'user', 'account']), name: text, arn: text }),
  credential: optional(shape({ kind: text, id: optional(text), slot: optional(count) })),
  owner: optional(text),
  why: optional(text),
  who: optional(text),
  when: optional(text),
  rule: optional(text),
  title: optional(text),
  raisedFrom: optional(text),
  resolution: optional(text),
  evidence: optional(shape({})),
  foundAt: optional(text),
  remedy: optional(text),
  undo: optional(command),
  undoWithAwsCli: optional(command),
  activity: optional(command),
  console: optional(link),
});

const isNotice = shape({
  schema: oneOf(['keysweep/notice/v1']),
  kind: oneOf(messageKinds),
  severity: oneOf(severities),
  account: shape({ id: text, partition: text, alias: optional(text) }),
  subject: text,
  summary: text,
  thread: text,
  at: text,
  mode: optional(text),
  audit: optional(shape({ fail: count, exempt: count, error: count })),
  notes: optional(listOf(text)),
  timezone: optional(timezone),
  owners: optional(listOf(shape({ owner: optional(text), count, summary: text }))),
  ownersOmitted: optional(count),
  groups: listOf(
    shape({ id: text, title: text, rule: optional(text), count, kinds: optional(counts), advice: listOf(text) }),
  ),
  items: listOf(isItem),
  nextSteps: listOf(shape({ text, command: optional(command) })),
  fullReport: optional(place),
});
