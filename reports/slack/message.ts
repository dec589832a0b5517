/** Any message of an SNS topic as one for Slack. */
import { own } from '../chat/markdown.ts';
import { printable } from '../printable.ts';
import { isAlarmMessage, slackAlarm } from './alarm.ts';
import { header, longestSection, plainSection, type SlackMessage } from './blocks.ts';
import { slackNotice } from './notice.ts';
import { isNoticeData } from './notice-data.ts';

/** A message as it comes from SNS. */
export interface TopicMessage {
  readonly subject?: string | undefined;
  readonly text: string;
}

/** A notice of keysweep or an alarm of CloudWatch as such; anything else, notices of later schemas included, as text. */
export function slackMessage(message: TopicMessage): SlackMessage {
  const value = parse(message.text);
  if (isNoticeData(value)) return slackNotice(value);
  if (isAlarmMessage(value)) return slackAlarm(value);
  return slackText(message);
}

/** Sections of a text that no one knows the shape of: at most so many, and the rest counted. */
const mostSections = 3;

function slackText({ subject, text }: TopicMessage): SlackMessage {
  const lines = text.split(/\r?\n/).map(printable).join('\n').trim();
  const pieces = pieceUp(lines);
  const left = pieces.slice(mostSections).join('').length;
  const title = printable(subject ?? 'Message without subject');
  return {
    text: own(title),
    blocks: [
      header(title),
      ...pieces.slice(0, mostSections).map(plainSection),
      ...(left === 0
        ? []
        : [plainSection(`... and ${left} more characters: subscribe by e-mail to get the whole text.`)]),
    ],
  };
}

/** The text in pieces that fit a section each, broken at line ends where there are any. */
function pieceUp(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest !== '') {
    const fitting =
      rest.length <= longestSection ? rest : rest.slice(0, longestSection).replace(/[\uD800-\uDBFF]$/, '');
    const lineEnd = fitting === rest ? -1 : fitting.lastIndexOf('\n');
    const piece = lineEnd > 0 ? fitting.slice(0, lineEnd + 1) : fitting;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
