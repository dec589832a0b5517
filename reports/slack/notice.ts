import type { NoticeData } from '../../core/notice.ts';
import { chatFullness, chatTitle, contextOf, fullReportText, nextStepTexts, notesText } from '../chat/chat-message.ts';
import { own, slackLink } from '../chat/markdown.ts';
import { type Passage, passagesOf } from '../chat/passages.ts';
import { type Block, context, divider, header, mostBlocks, type SlackMessage, section, sections } from './blocks.ts';

/** All blocks together, in UTF-16 units: what people read of a message without unfolding it. */
const longestMessage = 10_000;

/** Of one step: the names of a table, a topic and a bus may have some 250 characters each. */
const longestStep = 1_000;

/** A notice in Slack. What does not fit is counted, and the full report is linked. */
export function slackNotice(data: NoticeData): SlackMessage {
  let blocks: readonly Block[] = [];
  for (const count of chatFullness) {
    blocks = blocksOf(data, count);
    if (blocks.length <= mostBlocks && JSON.stringify(blocks).length <= longestMessage) break;
  }
  return { text: own(data.subject), blocks };
}

function blocksOf(data: NoticeData, itemsOfAGroup: number): readonly Block[] {
  const passages = passagesOf(data, itemsOfAGroup, slackLink);
  const notes = notesText(data);
  const report = fullReportText(data, slackLink);
  const steps = [...(report === undefined ? [] : [report]), ...nextStepTexts(data, longestStep)];
  return [
    header(chatTitle(data)),
    context(contextOf(data)),
    ...(notes === undefined ? [] : [section(notes)]),
    ...passages.flatMap(passageBlocks),
    divider,
    ...sections(
      steps.map((step) => `• ${step}`),
      '\n',
    ),
  ];
}

function passageBlocks({ heading, advice, items, more }: Passage): readonly Block[] {
  const isList = items.every((item) => item.startsWith('• '));
  const start = [heading, ...advice].join('\n');
  const texts = [...items, ...(more === undefined ? [] : [more])];
  return isList ? sections([start, ...texts], '\n') : [section(start), ...texts.map(section)];
}
