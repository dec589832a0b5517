/** One notice as the texts for the protocols of SNS. */
import type { ChatMessage, Notice, NoticeData } from '../core/notice.ts';

/** The keys of SNS's `MessageStructure: json`. Protocols without their own key get `default`. */
export interface NoticeTexts {
  /** JSON of schema `keysweep/notice/v1`: for Lambda, SQS, HTTP and other programs. */
  readonly default: string;
  readonly email: string;
  /** A custom notification of Amazon Q Developer in chat applications, the only format that it shows. */
  readonly https: string;
  readonly sms: string;
}

/** Enough to find the message. */
const mostResources = 10;

export function noticeTexts({ subject, body, chat, data }: Notice): NoticeTexts {
  return {
    default: JSON.stringify(data),
    email: body,
    https: JSON.stringify(amazonQNotification(chat, data)),
    sms: subject,
  };
}

/** Source: "Custom notifications" in the Amazon Q Developer in chat applications Administrator Guide. */
function amazonQNotification(chat: ChatMessage, { id, kind, severity, account, items }: NoticeData): object {
  const { title, description, nextSteps, keywords, threadId, summary } = chat;
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: { textType: 'client-markdown', title, description, nextSteps, keywords },
    metadata: {
      threadId,
      summary,
      eventType: `keysweep-${kind}`,
      relatedResources: [...new Set(items.map(({ principal }) => principal.arn))].slice(0, mostResources),
      additionalContext: { kind, severity, account: account.id },
    },
  };
}
