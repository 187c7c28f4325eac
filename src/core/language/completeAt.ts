import type { CalendarTime } from '../base/localTime.ts';
import type { Range } from '../base/range.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { locateFrontmatter } from '../markdown/frontmatterBlock.ts';
import type { FileRole } from '../model/fileRole.ts';
import type { Plan } from '../model/plan.ts';
import { missionStatuses } from '../model/waveState.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Completion, Completions } from './completions.ts';
import { completeProgress } from './progressCompletions.ts';
import {
  completeYaml,
  planVocabulary,
  sessionVocabulary,
  stateVocabulary,
  taskListVocabulary,
  type YamlContext,
} from './yamlCompletions.ts';

/** A place in a document, and what its completions draw on. */
export interface CompletionQuery {
  readonly workspace: Workspace;
  readonly path: string;
  readonly role: FileRole;
  readonly text: string;
  readonly offset: number;
  readonly now: CalendarTime;
  /** Models that the machine knows by name. */
  readonly models: readonly string[];
}

/** Model families that every agent's settings map to a model of today. */
const families: readonly string[] = ['opus', 'sonnet', 'haiku'];

/** What can be put at an offset of a state document; the cells of task lists apart. Undefined where nothing can. Never throws. */
export function completeAt(query: CompletionQuery): Completions | undefined {
  const { workspace, path, role, text, offset, now } = query;
  const context: YamlContext = { workspace, path, now, models: modelsOf(query) };
  switch (role) {
    case 'progress': {
      const progress = workspace.progress.find((file) => file.path === path);
      return progress && completeProgress(progress, offset, context);
    }
    case 'plan': {
      const plan = workspace.plans.find((file) => file.path === path);
      return plan && completePlan(plan, offset, context);
    }
    case 'session':
      return inFrontmatter(text, offset, (block) => ({ block, vocabulary: sessionVocabulary, context }));
    case 'taskList':
      return inFrontmatter(text, offset, (block) => ({ block, vocabulary: taskListVocabulary, context }));
    case 'state':
      return (
        completeMission(query) ??
        inFrontmatter(text, offset, (block) => ({ block, vocabulary: stateVocabulary, context }))
      );
  }
}

/** The families, then what plans and tables say already, then what the machine knows besides. */
function modelsOf({ workspace, models }: CompletionQuery): readonly string[] {
  const said = workspace.plans.flatMap(({ sessions }) => sessions.flatMap((one) => one.modelSettings.model ?? []));
  return [...new Set([...families, ...said, ...models])];
}

function inFrontmatter(
  text: string,
  offset: number,
  found: (block: Range) => { readonly block: Range } & Parameters<typeof completeYaml>[3],
): Completions | undefined {
  const frontmatter = locateFrontmatter(text);
  if (!frontmatter?.closed) return undefined;
  const { block, ...rest } = found(frontmatter.contentRange);
  // The line of the closing marks begins where the content ends.
  return offset >= block.end && block.end > block.start ? undefined : completeYaml(text, block, offset, rest);
}

/** The state of a mission in a STATE.md: in the body, and in the frontmatter that mirrors it. */
function completeMission({ workspace, path, offset }: CompletionQuery): Completions | undefined {
  const state = workspace.waveStates?.find((file) => file.path === path);
  const mission = [...(state?.missions ?? []), ...(state?.missionMirror ?? [])].find(
    ({ statusRange }) => statusRange.start <= offset && offset <= statusRange.end,
  );
  if (mission === undefined) return undefined;
  const items = missionStatuses.map((newText): Completion => ({ kind: 'value', newText }));
  return { range: mission.statusRange, replacesWhole: true, items };
}

/** In a fence of YAML that is a session's metadata; prompts show YAML too, in fences within their own. */
function completePlan(plan: Plan, offset: number, context: YamlContext): Completions | undefined {
  const session = plan.sessions.find(({ range }) => range.start <= offset && offset <= range.end);
  if (session === undefined) return undefined;
  const isPrompt =
    session.prompt !== undefined && session.prompt.range.start <= offset && offset <= session.prompt.range.end;
  if (isPrompt) return undefined;
  const fence = parseMarkdown(plan.text).fences.find(
    ({ contentRange, language }) =>
      /^ya?ml$/.test(language) && contentRange.start <= offset && offset <= contentRange.end,
  );
  if (fence === undefined || (fence.closed && offset === fence.contentRange.end && offset > fence.contentRange.start))
    return undefined;
  const own = { ...context, own: session.id };
  return completeYaml(plan.text, fence.contentRange, offset, { vocabulary: planVocabulary, context: own });
}
