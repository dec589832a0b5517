import type { NoticeData } from '../../core/notice.ts';
import { chatTitle, contextOf, fullReportText, nextStepTexts, notesText, ownersText } from '../chat/chat-message.ts';
import { own, slackLink } from '../chat/markdown.ts';
import { type ChatFullness, chatFullnesses, namedPerGroup, type Passage, passagesOf } from '../chat/passages.ts';
import { type Block, context, divider, header, mostBlocks, type SlackMessage, section, sections } from './blocks.ts';

/** All blocks together, in UTF-16 units: what people read of a message without unfolding it. */
const longestMessage = 10_000;

/** Of one step: the names of a table, a topic and a bus may have some 250 characters each. */
const longestStep = 1_000;

/** A notice in Slack. What does not fit is counted, and the full report is linked. */
export function slackNotice(data: NoticeData): SlackMessage {
  return { text: own(data.subject), blocks: fitted(data).blocks };
}

/** How many items of each group the message in Slack names. */
export function namedInSlack(data: NoticeData): number {
  return namedPerGroup(fitted(data).fullness);
}

function fitted(data: NoticeData): { readonly blocks: readonly Block[]; readonly fullness: ChatFullness } {
  let [blocks, last]: [readonly Block[], ChatFullness] = [[], { items: 0, isNamingAll: false }];
  for (const fullness of chatFullnesses(data)) {
    blocks = blocksOf(data, fullness);
    last = fullness;
    if (blocks.length <= mostBlocks && JSON.stringify(blocks).length <= longestMessage) break;
  }
  return { blocks, fullness: last };
}

function blocksOf(data: NoticeData, fullness: ChatFullness): readonly Block[] {
  const passages = passagesOf(data, fullness, slackLink);
  const notes = notesText(data);
  const owners = ownersText(data);
  const report = fullReportText(data, slackLink);
  const steps = [...(report === undefined ? [] : [report]), ...nextStepTexts(data, longestStep)];
  return [
    header(chatTitle(data)),
    context(contextOf(data)),
    ...(notes === undefined ? [] : [section(notes)]),
    ...(owners === undefined ? [] : [section(owners)]),
    ...passages.flatMap(passageBlocks),
    divider,
    ...sections(
      steps.map((step) => `• ${step}`),
      '\n',
    ),
  ];
}

function passageBlocks({ heading, advice, items, names, more }: Passage): readonly Block[] {
  const isList = items.every((item) => item.startsWith('• '));
  const start = [heading, ...advice].join('\n');
  const rest = more === undefined ? [] : [more];
  if (isList) return sections([start, ...items, ...names, ...rest], '\n');
  return [section(start), ...items.map(section), ...sections(names, '\n'), ...rest.map(section)];
}
