import type { AgentEvent } from '../../model/agentEvent.ts';

const longestResult = 600;

/** An event as a line or more of a log for people; undefined for what says nothing to them. */
export function describeEvent(event: AgentEvent): string | undefined {
  switch (event.kind) {
    case 'started':
      return `— started${event.model === undefined ? '' : ` with ${event.model}`} —`;
    case 'text':
      return event.text.trim();
    case 'toolCall':
      return `› ${event.name}${event.input === '' ? '' : ` ${event.input}`}`;
    case 'toolResult':
      return describeResult(event);
    case 'notice':
      return `(${event.text})`;
    case 'ended':
      return `— ${event.isError ? 'ended with an error' : 'ended'}${describeCost(event)} —`;
    case 'raw':
      return event.line;
    case 'usage':
      return undefined;
  }
}

function describeResult({ isError, text }: Extract<AgentEvent, { kind: 'toolResult' }>): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return isError ? '  failed' : undefined;
  const short = trimmed.length > longestResult ? `${trimmed.slice(0, longestResult)}…` : trimmed;
  return short
    .split(/\r?\n/)
    .map((line) => `  ${isError ? '! ' : ''}${line}`)
    .join('\n');
}

function describeCost({ turns, costUsd, inputTokens, outputTokens }: Extract<AgentEvent, { kind: 'ended' }>): string {
  const parts = [
    ...(turns === undefined ? [] : [`${turns} turns`]),
    ...(inputTokens === undefined ? [] : [`${inputTokens + (outputTokens ?? 0)} tokens`]),
    ...(costUsd === undefined ? [] : [`$${costUsd.toFixed(2)}`]),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
