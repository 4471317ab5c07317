/**
 * A model that reads messages of which no rule knows a word. It may say what one is about; what it answers is checked as
 * strictly as any other machine's, and neither money nor an answer to a customer ever follows from it.
 */
export interface MessageModel {
  /** Anything that was answered, unread; throws or never answers when it does not work. */
  classify(text: string): Promise<unknown>;
}
