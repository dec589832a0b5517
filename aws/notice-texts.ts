/** One notice as the texts that the protocols of SNS hand on. */
import type { ChatMessage, Notice, NoticeData } from '../core/notice.ts';

/** The keys of SNS's `MessageStructure: json`. Protocols without one of their own get `default`. */
export interface NoticeTexts {
  /** JSON of schema `keysweep/notice/v1`: for Lambda, SQS, http and whatever else reads it by program. */
  readonly default: string;
  readonly email: string;
  /** A custom notification of Amazon Q Developer in chat applications, which shows nothing else. */
  readonly https: string;
  readonly sms: string;
}

/** Enough to find the message by. */
const mostResources = 10;

export function noticeTexts({ subject, body, chat, data }: Notice): NoticeTexts {
  return {
    default: JSON.stringify(data),
    email: body,
    https: JSON.stringify(amazonQNotification(chat, data)),
    sms: subject,
  };
}

/** Source: "Custom notifications" in the administrator guide of Amazon Q Developer in chat applications. */
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
