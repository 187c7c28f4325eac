import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { PlannedAgent, PlannedWave, WavePlan } from '../../model/waves/wavePlan.ts';
import { maxTurnsOf } from './waveRules.ts';

/**
 * Writes a wave plan as a document in the documented form (formats.md §1.3), to be edited by people and read again by `readWavePlan`: nothing
 * that a plan says is lost, but for the steps that its plan files have.
 */
export function wavePlanText(
  plan: WavePlan,
  config: Pick<WaveConfig, 'agentsPerWave' | 'isolation' | 'enforcement' | 'maxTurns'>,
): string {
  const { waves, execution } = plan;
  const isolation = execution.isolation ?? config.isolation;
  const count = `${waves.length} ${waves.length === 1 ? 'wave' : 'waves'}`;
  const turns = execution.maxTurns ?? config.maxTurns;
  const lines = [
    `# ${oneLine(plan.title)}`,
    '',
    `## Wave Plan (Session: ${plan.sessionType}, ${count}, isolation: ${isolation})`,
    '',
    ...waves.flatMap((wave) => [...waveLines(wave), '']),
    '### Execution Config',
    '',
    ...(plan.session === undefined ? [] : [`- Session: ${plan.session}`]),
    ...(plan.issues.length === 0 ? [] : [`- Issues: ${plan.issues.map((issue) => `#${issue}`).join(', ')}`]),
    `- Waves: ${waves.length} | Agents-per-wave cap: ${execution.agentsPerWave ?? config.agentsPerWave} | Isolation: ${isolation}`,
    `- Enforcement: ${execution.enforcement ?? config.enforcement} | Max turns: ${turns === 'auto' ? `auto (${maxTurnsOf(plan.sessionType, { maxTurns: turns })})` : turns}`,
    ...listFence('### Docs Tasks (machine-readable)', 'docs-tasks', docsTasks(plan)),
    ...listFence('### Wave-Plan Mission Status (machine-readable)', 'mission-status', missions(plan)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function waveLines({ number, title, agents, sequential }: PlannedWave): readonly string[] {
  const how = [
    `${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}`,
    ...(agents.length > 1 ? [sequential ? 'sequential' : 'parallel'] : []),
    ...(/^discovery$/i.test(title) ? ['read-only'] : []),
  ];
  const isSequential = sequential && agents.length <= 1 ? ', sequential' : '';
  return [
    `### Wave ${number}: ${oneLine(title)} (${how.join(', ')}${isSequential})`,
    '',
    ...agents.flatMap((agent, index) => agentLines(number, index, agent)),
  ];
}

function agentLines(wave: number, index: number, agent: PlannedAgent): readonly string[] {
  const title = oneLine(agent.task.split('\n')[0] ?? '').replace(/\s(?:→|->|⇒|=>)\s/g, ' to ');
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Id', agent.id === `w${wave}-a${index + 1}` ? undefined : agent.id],
    ['Task', agent.task],
    ['Files', agent.reads !== undefined && agent.files.length === 0 ? undefined : pathsOf(agent.files)],
    [
      agent.files.length === 0 ? 'Files to read' : 'Reads',
      agent.reads === undefined ? undefined : pathsOf(agent.reads),
    ],
    ['Acceptance', agent.acceptance],
    ['Tools needed', agent.tools.length === 0 ? undefined : agent.tools.join(', ')],
    ['Dependencies', agent.dependencies.length === 0 ? 'none' : agent.dependencies.join(', ')],
    ['Resources', agent.resources.length === 0 ? undefined : agent.resources.join(', ')],
    ['Isolation', agent.isolation],
    ['MaxTurns', agent.maxTurns?.toString()],
    ['Mission', agent.mission],
    ['Agent type', agent.role],
    ['Model', agent.model],
    ['Collision risk', agent.collisionRisk],
    ['Plan', agent.planFile],
    ['Steps', agent.planFile === undefined ? agent.steps : undefined],
  ];
  const written = fields.flatMap(([key, value]) => {
    if (value === undefined || value === '') return [];
    const [first = '', ...rest] = value.split(/\r\n|\n|\r/);
    return [`  ${key}: ${first}`, ...rest.map((line) => (line.trim() === '' ? '' : `    ${line}`))];
  });
  return [`- Agent ${index + 1}: ${title}`, ...written];
}

/** A path with a comma or at its ends white space is kept together by the marks of code. */
function pathsOf(paths: readonly string[]): string {
  if (paths.length === 0) return 'none';
  return paths.map((path) => (/[,;]|^\s|\s$/.test(path) ? `\`${path}\`` : path)).join(', ');
}

function docsTasks({ docsTasks: tasks }: WavePlan): readonly (readonly (readonly [string, string])[])[] {
  return tasks.map(({ id, audience, targetPattern, rationale, wave, status }) => [
    ['id', id],
    ['audience', audience],
    ['target-pattern', targetPattern],
    ['rationale', rationale],
    ['wave', String(wave)],
    ['status', status],
  ]);
}

function missions({ missions: items }: WavePlan): readonly (readonly (readonly [string, string])[])[] {
  return items.map(({ id, task, wave, status }) => [
    ['id', id],
    ['task', task],
    ['wave', String(wave)],
    ['status', status],
  ]);
}

/** A block for machines: its heading stands in the fence, where YAML takes it for a comment. */
function listFence(
  heading: string,
  key: string,
  items: readonly (readonly (readonly [string, string])[])[],
): readonly string[] {
  if (items.length === 0) return [];
  const entries = items.flatMap((fields) =>
    fields.map(([name, value], index) => `  ${index === 0 ? '- ' : '  '}${name}: ${yamlText(oneLine(value))}`),
  );
  return ['', '```yaml', heading, `${key}:`, ...entries, '```'];
}

/** In quotes where YAML would take it for something else; the reference reads both. */
function yamlText(text: string): string {
  const isPlain = /^[\p{L}\p{N}(./]/u.test(text) && !/: |:$| #/.test(text);
  return isPlain && !/^(?:true|false|null|yes|no|~)$/i.test(text) ? text : JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
