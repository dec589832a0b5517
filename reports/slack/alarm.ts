/** CloudWatch's message about an alarm. Source: what CloudWatch sends to SNS; the fields that matter to a reader. */
import { alarmPage } from '../aws-places.ts';
import { bold, code, foreign, own, slackLink } from '../chat/markdown.ts';
import { instantInWords } from '../evidence-words.ts';
import { printable } from '../printable.ts';
import { context, header, type SlackMessage, section } from './blocks.ts';

export interface AlarmMessage {
  readonly AlarmName: string;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly OldStateValue?: string;
  readonly AlarmDescription?: string | null;
  readonly AWSAccountId?: string;
  /** In words: `EU (Frankfurt)`. */
  readonly Region?: string;
  /** `2026-11-22T04:31:00.123+0000`. */
  readonly StateChangeTime?: string;
  readonly AlarmArn?: string;
}

export function isAlarmMessage(value: unknown): value is AlarmMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { AlarmName, NewStateValue, ...others } = value as Record<string, unknown>;
  const texts = ['NewStateReason', 'OldStateValue', 'AWSAccountId', 'Region', 'StateChangeTime', 'AlarmArn'];
  const isTextOrAbsent = (name: string) => others[name] === undefined || typeof others[name] === 'string';
  const { AlarmDescription = null } = others;
  return (
    typeof AlarmName === 'string' &&
    typeof NewStateValue === 'string' &&
    texts.every(isTextOrAbsent) &&
    (AlarmDescription === null || typeof AlarmDescription === 'string')
  );
}

const stateMarks: Readonly<Record<string, string>> = { ALARM: '🚨', OK: '🟢', INSUFFICIENT_DATA: '⚪' };

/** An alarm in Slack: what it is, why it rings, since when, and where to look. */
export function slackAlarm(alarm: AlarmMessage): SlackMessage {
  const { AlarmName, NewStateValue, NewStateReason, AlarmDescription, AlarmArn = '', AWSAccountId } = alarm;
  const page = alarmPage(AlarmArn);
  const title = printable(`${AWSAccountId === undefined ? '' : `[${AWSAccountId}] `}${NewStateValue}: ${AlarmName}`);
  const lines = [
    AlarmDescription ? foreign(AlarmDescription, 400) : undefined,
    NewStateReason === undefined ? undefined : `${bold('Why:')} ${foreign(NewStateReason, 400)}`,
    page === undefined ? undefined : slackLink(page, 'Open in the console'),
  ].filter((line) => line !== undefined);
  return {
    text: own(title),
    blocks: [
      header(`${stateMarks[NewStateValue] ?? '⚪'} ${title}`),
      ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
      context(contextOf(alarm)),
    ],
  };
}

function contextOf({ AWSAccountId, Region, StateChangeTime, OldStateValue }: AlarmMessage): string {
  const parts = [
    'CloudWatch alarm',
    AWSAccountId === undefined ? undefined : `AWS account ${code(AWSAccountId, 32)}`,
    Region === undefined ? undefined : foreign(Region, 64),
    StateChangeTime === undefined ? undefined : instantInWords(isoOf(StateChangeTime)),
    OldStateValue === undefined ? undefined : `it was ${code(OldStateValue, 32)}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** CloudWatch writes the offset without a colon, which is no ISO 8601 for every reader. */
function isoOf(time: string): string {
  return time.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
}
