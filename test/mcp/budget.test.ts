import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from '../cli/support/cliProject.ts';
import { shopFiles } from '../cli/support/shop.ts';
import { McpClient } from './support/mcpClient.ts';

/** The tools of design.md, in its order. */
const defaultNames = [
  'create_task_list',
  'get_task_list',
  'resume_task_list',
  'update_task',
  'hand_off_task_list',
  'get_session',
  'start_session',
  'checkpoint_session',
  'complete_session',
  'ask_question',
];

/**
 * Counts as a tokenizer would that knows no word longer than six letters: pieces of words, runs of at most two signs, single digits
 * in threes. Real ones merge more, so this is above what is paid.
 */
function countStrictly(text: string): number {
  const words = text.match(/[A-Za-z]+|\d{1,3}|\s+|[^\sA-Za-z\d]{1,2}/g) ?? [];
  return words.reduce((sum, word) => {
    // A blank belongs to the word behind it.
    if (/^\s+$/.test(word)) return sum;
    return sum + (/^[A-Za-z]/.test(word) ? Math.ceil(word.length / 6) : 1);
  }, 0);
}

describe('the tools', () => {
  const project = new CliProject(shopFiles);
  let standard: McpClient;
  let all: McpClient;

  beforeAll(async () => {
    standard = await McpClient.connect(project);
    all = await McpClient.connect(project, { args: ['--tools', 'all'] });
  });
  afterAll(async () => {
    await Promise.all([standard?.close(), all?.close()]);
    project.dispose();
  });

  it('are the ten of the default set', async () => {
    const { tools } = await standard.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(defaultNames);
  });

  it('cost every agent at most 3,000 tokens', async () => {
    const { tools } = await standard.client.listTools();
    const text = JSON.stringify(tools);
    console.log(`tools/list: ${text.length} characters, ${countStrictly(text)} tokens counted strictly`);
    expect(text.length / 4).toBeLessThanOrEqual(3_000);
    expect(countStrictly(text)).toBeLessThanOrEqual(3_000);
  });

  it('are counted more strictly than by their length', () => {
    expect(countStrictly('{"type":"string"}')).toBeGreaterThan('{"type":"string"}'.length / 4);
    expect(countStrictly('expected_revision')).toBe(5);
  });

  it('are all there on request, each named verb_noun and described', async () => {
    const { tools } = await all.client.listTools();
    expect(tools.length).toBeGreaterThan(defaultNames.length);
    expect(tools.slice(0, defaultNames.length).map(({ name }) => name)).toEqual(defaultNames);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    for (const { name, description, inputSchema, outputSchema, annotations } of tools) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(inputSchema.type).toBe('object');
      expect(outputSchema).toMatchObject({ type: 'object', required: expect.arrayContaining(['message']) });
      const isRead = annotations?.readOnlyHint === true;
      expect(isRead || typeof annotations?.destructiveHint === 'boolean', name).toBe(true);
    }
    // Whatever changes an existing file says which one it was decided on.
    const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
    const unchecked = changing.filter(({ inputSchema }) => !('expected_revision' in (inputSchema.properties ?? {})));
    expect(unchecked.map(({ name }) => name).sort()).toEqual([
      'ask_question',
      'create_plan',
      'create_state',
      'create_task_list',
      'dispatch_work',
      // It says which text of the cell it was decided on.
      'edit_cell',
      'merge_isolated',
      'start_wave_run',
      'steer_wave_run',
    ]);
  });
});
