import { phrase } from '../../base/phrase.ts';
import type { AutopilotBounds, AutopilotSessionResult, Kill, MachinePressure } from '../../model/waves/autopilot.ts';
import type { AutopilotConfig } from '../../model/waves/waveConfig.ts';

/** Where things stand when a switch is looked at. */
export interface AutopilotSituation {
  readonly sessions: number;
  readonly elapsedMs: number;
  readonly outputTokens: number;
  readonly isStopped: boolean;
}

/** Bounds within their limits; what is none is the default. */
export function boundsOf(config: AutopilotConfig, peerThreshold = 6): AutopilotBounds {
  const between = (value: number, least: number, most: number, usual: number): number =>
    Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
  return {
    maxSessions: Math.floor(between(config.maxSessions, 1, 50, 5)),
    maxHours: between(config.maxHours, 0.5, 24, 4),
    confidenceThreshold: between(config.confidenceThreshold, 0, 1, 0.85),
    tokenBudget: Math.floor(between(config.tokenBudget, 0, 10_000_000, 0)),
    stallTimeoutSeconds: between(config.stallTimeoutSeconds, 1, 86_400, 600),
    carryoverThreshold: between(config.carryoverThreshold, 0, 1, 0.5),
    peerThreshold,
  };
}

/** What forbids to go on at any moment, also while a session runs: the person, the clock, the budget. */
export function killNow(bounds: AutopilotBounds, now: AutopilotSituation): Kill | undefined {
  if (now.isStopped) return { kill: 'user-abort', detail: 'a person stopped it' };
  const hours = now.elapsedMs / 3_600_000;
  if (hours >= bounds.maxHours) {
    return { kill: 'max-hours-exceeded', detail: phrase`${hours.toFixed(2)} h of ${bounds.maxHours} h` };
  }
  if (bounds.tokenBudget > 0 && now.outputTokens >= bounds.tokenBudget) {
    return {
      kill: 'token-budget-exceeded',
      detail: phrase`${now.outputTokens} of ${bounds.tokenBudget} output tokens`,
    };
  }
  return undefined;
}

/** What forbids to begin a further session. */
export function killBefore(
  bounds: AutopilotBounds,
  now: AutopilotSituation,
  pressure: MachinePressure,
): Kill | undefined {
  if (now.isStopped) return killNow(bounds, now);
  if (now.sessions >= bounds.maxSessions) {
    return { kill: 'max-sessions-reached', detail: phrase`${now.sessions} of ${bounds.maxSessions} sessions` };
  }
  const kill = killNow(bounds, now);
  if (kill !== undefined) return kill;
  if (pressure.verdict === 'critical' && pressure.peers > bounds.peerThreshold) {
    return {
      kill: 'resource-overload',
      detail: phrase`the machine is under pressure, with ${pressure.peers} other sessions (more than ${bounds.peerThreshold})`,
    };
  }
  return undefined;
}

/** What a session's result forbids to go on after. */
export function killAfter(bounds: AutopilotBounds, result: AutopilotSessionResult): Kill | undefined {
  if (result.kill !== undefined) return result.kill;
  const { agents, planned, carryover, label } = result;
  if (agents.spiral > 0)
    return { kill: 'spiral', detail: phrase`${label}: agents that went round in circles: ${agents.spiral}` };
  if (agents.failed > 0) return { kill: 'failed-wave', detail: phrase`${label}: agents that failed: ${agents.failed}` };
  const ratio = planned > 0 ? carryover / planned : 0;
  if (ratio > bounds.carryoverThreshold) {
    return {
      kill: 'carryover-too-high',
      detail: phrase`${label}: left of its items: ${carryover} of ${planned} (${ratio.toFixed(2)}, more than ${bounds.carryoverThreshold})`,
    };
  }
  return undefined;
}

/** Nothing has moved for too long. */
export function killStalled(bounds: AutopilotBounds, idleMs: number): Kill | undefined {
  const seconds = Math.round(idleMs / 1000);
  if (seconds < bounds.stallTimeoutSeconds) return undefined;
  return {
    kill: 'stall-timeout',
    detail: phrase`nothing moved for ${seconds} s (limit ${bounds.stallTimeoutSeconds} s)`,
  };
}
