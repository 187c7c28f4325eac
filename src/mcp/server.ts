import { type CallToolResult, McpServer, type ServerContext, type ToolAnnotations } from '@modelcontextprotocol/server';
import { version } from '../../package.json';
import { requestApproval } from '../core/actions/inbox/requestApproval.ts';
import { BatonError } from '../core/errors.ts';
import type { Logger } from '../core/ports/logger.ts';
import { cancellationOf } from './cancellation.ts';
import { clientName } from './clientInfo.ts';
import { ClientRoots, type ProtocolEra } from './clientRoots.ts';
import { toFailure } from './failure.ts';
import { announcedSchema, leanSchema } from './leanSchema.ts';
import { isProject, type Locate } from './locate.ts';
import { startProgress } from './progress.ts';
import type { Project, Projects } from './projects.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources.ts';
import { given } from './sessionViews.ts';
import type { Tool, ToolAnswer, ToolEffect } from './tool.ts';

const instructions =
  'Baton keeps plans, sessions and task lists as files of this repository, so that the next agent goes on where you stop. ' +
  'Begin with get_session and get_task_list; keep states current while you work; hand off before you end.';

/** What all servers of a process share. */
export interface ServerOptions {
  readonly projects: Projects;
  readonly logger: Logger;
  readonly tools: readonly Tool[];
}

/** Makes the server of one connection. */
export function createServer({ projects, logger, tools }: ServerOptions, era: ProtocolEra): McpServer {
  const server = new McpServer({ name: 'baton', title: 'Baton', version }, { instructions });
  const roots = new ClientRoots(server, era);
  const locate: Locate = async (context) => {
    const found = await roots.read(context);
    return 'resultType' in found ? found : projects.choose(found);
  };
  for (const tool of tools) registerTool(server, tool, locate, logger);
  registerResources(server, locate);
  registerPrompts(server, locate);
  return server;
}

const annotations: Readonly<Record<ToolEffect, ToolAnnotations>> = {
  reads: { readOnlyHint: true, openWorldHint: false },
  changes: { destructiveHint: false, openWorldHint: false },
  'changes-once': { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  removes: { destructiveHint: true, openWorldHint: false },
};

function registerTool(server: McpServer, tool: Tool, locate: Locate, logger: Logger): void {
  const { name, description, effect, input, output } = tool;
  const config = {
    description,
    inputSchema: announcedSchema(input),
    outputSchema: leanSchema(output),
    annotations: annotations[effect],
  };
  server.registerTool(name, config, async (given: unknown, context: ServerContext) => {
    try {
      const located = await locate(context);
      if (!isProject(located)) return located;
      const client = clientName(server, context);
      return toResult(await runTool(tool, { project: located, given, context, client }));
    } catch (error) {
      if (!BatonError.is(error)) logger.error(`${name} failed`, error);
      return toFailure(error);
    }
  });
}

interface ToolCall {
  readonly project: Project;
  /** What the client sent, not yet looked at. */
  readonly given: unknown;
  readonly context: ServerContext;
  readonly client: string;
}

async function runTool(tool: Tool, { project, given, context, client }: ToolCall): Promise<ToolAnswer> {
  const input = readInput(tool, given);
  const { signal } = context.mcpReq;
  const progress = startProgress(context);
  const work = () => {
    if (signal.aborted) throw new BatonError('cancelled', `${tool.name} was cancelled before it began`);
    const actionContext = { ...project.context, cancellation: cancellationOf(signal), report: progress.report };
    return tool.run({ context: actionContext, root: project.root, signal, client }, input);
  };
  try {
    return await (tool.effect === 'reads' || tool.waits ? work() : project.inTurn(work));
  } catch (error) {
    throw BatonError.is(error, 'approval-required') ? await withInboxItem(project, error) : error;
  } finally {
    progress.dispose();
  }
}

/** Lets the person see in the inbox what an agent was refused for want of approval. */
async function withInboxItem({ context }: Project, error: BatonError): Promise<BatonError> {
  const { commands, purpose = 'this' } = error.data ?? {};
  if (!Array.isArray(commands) || commands.length === 0) return error;
  const { id } = await requestApproval(context, { commands: commands.map(String), purpose: String(purpose) });
  return new BatonError(error.code, error.message, {
    ...given('hint', error.hint),
    data: { ...error.data, inbox_item: id },
    cause: error,
  });
}

/** @throws BatonError `invalid-argument`, which names each field that is wrong */
function readInput({ name, input }: Tool, given: unknown): unknown {
  const read = input.safeParse(given ?? {});
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new BatonError('invalid-argument', `${name}: ${issues.join('; ')}`, {
    hint: `It takes ${Object.keys(input.shape).join(', ')}.`,
    data: { issues },
  });
}

function toResult({ message, data, warnings = [] }: ToolAnswer): CallToolResult {
  const text = [message, ...warnings.map((warning) => `warning: ${warning}`)].join('\n');
  return {
    content: [{ type: 'text', text }],
    structuredContent: { message, ...data, ...(warnings.length > 0 && { warnings }) },
  };
}
