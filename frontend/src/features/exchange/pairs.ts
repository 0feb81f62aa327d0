import type { go } from '../../api';

/** Which result belongs to which call: by the id of the call, where the wire gives one. */
export interface Pairs {
  /** results by id of their call */
  results: ReadonlyMap<string, go.ChatPart>;
  /** ids of calls that are shown, so that their results need not be shown again */
  calls: ReadonlySet<string>;
}

/** pairs finds the results of the tool calls in messages. */
export function pairs(messages: go.ChatMessage[]): Pairs {
  const results = new Map<string, go.ChatPart>();
  const calls = new Set<string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (!part.call) continue;
      if (part.kind === 'tool_call') calls.add(part.call);
      else if (part.kind === 'tool_result' && !results.has(part.call)) results.set(part.call, part);
    }
  }
  return { results, calls };
}

/** alone gives the parts of a message that are not shown with the call they answer. */
export function alone({ parts }: go.ChatMessage, { results, calls }: Pairs): go.ChatPart[] {
  return parts.filter(
    (part) => part.kind !== 'tool_result' || !calls.has(part.call) || results.get(part.call) !== part,
  );
}
