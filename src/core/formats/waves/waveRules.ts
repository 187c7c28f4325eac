import type { GateKind } from '../../model/waves/gate.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import { type Enforcement, type Isolation, type WaveRole, waveRoles } from '../../model/waves/wavePlan.ts';

/** Turn limits by session type where `max-turns` is `auto` (formats.md §1.4). */
const automaticTurns: Readonly<Record<string, number>> = { housekeeping: 8, feature: 15, deep: 25 };

/**
 * The roles that a wave's title names, in the order of a run: `Impl-Core + Impl-Polish`. What stands behind a dash or in parentheses is
 * the writer's own. Empty where a part of it is no role: nobody knows what may be changed then.
 */
export function rolesIn(title: string): readonly WaveRole[] {
  const parts = (title.replace(/\([^)]*\)?/g, ' ').split(/\s+[—–-]+\s+|:\s/, 1)[0] ?? '')
    .split(/[+&,/]|\band\b/i)
    .map(plainRole)
    .filter((part) => part !== '');
  const named = parts.flatMap((part) => knownRoles.get(part) ?? []);
  return named.length < parts.length ? [] : waveRoles.filter((role) => named.includes(role));
}

/** The role whose rules a wave follows: of several that share it the last, but the full gate of Quality before all. */
export function roleOf(title: string): WaveRole | undefined {
  const roles = rolesIn(title);
  return roles.includes('Quality') ? 'Quality' : roles.at(-1);
}

function plainRole(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^implementation(?=core|polish)/, 'impl');
}

/** Work on documentation has no wave of its own: it takes a place among the polishing (formats.md §1.3). */
const knownRoles: ReadonlyMap<string, WaveRole> = new Map([
  ...waveRoles.map((role): [string, WaveRole] => [plainRole(role), role]),
  ['docs', 'Impl-Polish'],
  ['documentation', 'Impl-Polish'],
]);

/**
 * Which roles share a wave where a run has `count` waves: three, four and five by the documented table; from six on both implementation
 * roles are split over two waves or more, and the last two roles share the last wave.
 */
export function mapRoles(count: number): readonly (readonly WaveRole[])[] {
  if (count <= 1) return [[...waveRoles]];
  if (count === 2)
    return [
      ['Discovery', 'Impl-Core', 'Impl-Polish'],
      ['Quality', 'Finalization'],
    ];
  if (count === 3) return [['Discovery', 'Impl-Core'], ['Impl-Polish', 'Quality'], ['Finalization']];
  if (count === 4) return [['Discovery'], ['Impl-Core', 'Impl-Polish'], ['Quality'], ['Finalization']];
  if (count === 5) return waveRoles.map((role) => [role]);
  const between = count - 2;
  const cores = Math.ceil(between / 2);
  return [
    ['Discovery'],
    ...Array.from({ length: cores }, (): readonly WaveRole[] => ['Impl-Core']),
    ...Array.from({ length: between - cores }, (): readonly WaveRole[] => ['Impl-Polish']),
    ['Quality', 'Finalization'],
  ];
}

/** What decides where the agents of a wave work. */
export interface IsolationQuestion {
  readonly agents: number;
  readonly sessionType: string;
  readonly isolation: Isolation;
  readonly collisionRisk?: 'low' | 'high';
  /** Some agent writes into a folder that is not there yet: worktrees would each make their own. */
  readonly makesFolders?: boolean;
}

/** Where agents work (formats.md §1.5): what is said wins, else by risk, new folders and how many there are. */
export function resolveIsolation(question: IsolationQuestion): 'worktree' | 'none' {
  const { agents, sessionType, isolation, collisionRisk, makesFolders } = question;
  if (isolation !== 'auto') return isolation;
  if (collisionRisk === 'high') return 'worktree';
  if (makesFolders === true || agents <= 2) return 'none';
  if (agents >= 5) return 'worktree';
  return sessionType === 'housekeeping' ? 'none' : 'worktree';
}

/** What happens on a write outside the scope: without worktrees the scope is the only barrier, so a warning becomes a refusal. */
export function resolveEnforcement(isolation: 'worktree' | 'none', enforcement: Enforcement): Enforcement {
  return isolation === 'none' && enforcement === 'warn' ? 'strict' : enforcement;
}

/** How many turns an agent of a session of this type has; an unknown type is treated as `feature`. */
export function maxTurnsOf(sessionType: string, config: Pick<WaveConfig, 'maxTurns'>): number {
  return config.maxTurns === 'auto' ? (automaticTurns[sessionType] ?? 15) : config.maxTurns;
}

/** Files whose change makes the gate of an implementation wave a full one (formats.md §1.9). */
const coreFiles = /^(?:scripts\/lib|hooks|\.husky)\//;

/** What is run after a wave: by its role, and by what was changed in it. */
export function gateKindOf(role: WaveRole | undefined, changed: readonly string[]): GateKind {
  if (role === 'Discovery') return 'none';
  if (role === 'Quality') return 'full';
  if (role === 'Finalization') return 'status';
  return changed.some((path) => coreFiles.test(path)) ? 'full' : 'incremental';
}
