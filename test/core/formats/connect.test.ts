import { anything, assert, constantFrom, dictionary, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHooks, removeHooks } from '../../../src/core/formats/connect/claudeHooks.ts';
import { addCodexServer, removeCodexServer } from '../../../src/core/formats/connect/codexConfig.ts';
import { JsonText } from '../../../src/core/formats/connect/jsonEdits.ts';
import { addMcpServer, removeMcpServer } from '../../../src/core/formats/connect/mcpServers.ts';
import { addSkill, removeSkill } from '../../../src/core/formats/connect/skillFile.ts';

/** JSON files as people keep them: any content, any indentation. */
const server = record({ command: string({ minLength: 1 }) });
const jsonFile = tuple(
  dictionary(
    string({ minLength: 1 }).filter((key) => key !== 'mcpServers' && key !== 'hooks' && key !== '__proto__'),
    anything({ maxDepth: 1, withBigInt: false }).filter((value) => JSON.stringify(value) !== undefined),
    { maxKeys: 4 },
  ),
  dictionary(
    string({ minLength: 1 }).filter((key) => key !== 'baton' && key !== '__proto__'),
    server,
    { minKeys: 1, maxKeys: 3 },
  ),
  constantFrom('  ', '\t', '    ', ''),
  constantFrom('\n', '\r\n'),
).map(([others, mcpServers, indent, eol]) =>
  `${JSON.stringify({ ...others, mcpServers }, null, indent)}\n`.replaceAll('\n', eol),
);

describe('the entry in .mcp.json', () => {
  it('is added and taken away without another byte of the file changing', () => {
    void assert(
      property(jsonFile, (text) => {
        const added = addMcpServer(text).text ?? '';
        const { baton, ...others } = JSON.parse(added).mcpServers;
        expect(baton).toEqual({ type: 'stdio', command: 'baton', args: ['mcp'] });
        expect(others).toEqual(JSON.parse(text).mcpServers);
        expect(addMcpServer(added).text).toBe(added);
        expect(removeMcpServer(added).text).toBe(text);
      }),
    );
  });

  it.each([
    [
      '{"mcpServers":{"a":{"command":"b"}},"z":1}',
      '{"mcpServers":{"a":{"command":"b"},"baton":{"type":"stdio","command":"baton","args":["mcp"]}},"z":1}',
    ],
    [
      '{\n\t"mcpServers": {\n\t\t"a": { "command":   "b" } // mine\n\t}\n}',
      '{\n\t"mcpServers": {\n\t\t"a": { "command":   "b" }, // mine\n\t\t"baton": {\n\t\t\t"type": "stdio",\n\t\t\t"command": "baton",\n\t\t\t"args": [\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t}\n\t}\n}',
    ],
  ])('stands where it belongs in %j', (text, expected) => {
    expect(addMcpServer(text).text).toBe(expected);
    expect(removeMcpServer(expected).text).toBe(text);
  });

  it('bears with a comma behind the last one, and with something else in its place', () => {
    const text = '{\n  "mcpServers": {\n    "a": {},\n  },\n}\n';
    const added = addMcpServer(text).text ?? '';
    expect(addMcpServer(added).text).toBe(added);
    expect(added.startsWith('{\n  "mcpServers": {\n    "a": {},\n    "baton": {')).toBe(true);
    expect(() => addMcpServer('{"mcpServers": []}')).toThrow(/no object at mcpServers/);
  });

  it('makes the file, and takes it away with the entry', () => {
    const added = addMcpServer(undefined).text;
    expect(added).toBe(
      '{\n  "mcpServers": {\n    "baton": {\n      "type": "stdio",\n      "command": "baton",\n      "args": [\n        "mcp"\n      ]\n    }\n  }\n}\n',
    );
    expect(removeMcpServer(added).text).toBeUndefined();
    expect(removeMcpServer(undefined).text).toBeUndefined();
  });

  it('stays where it says something else', () => {
    const own = '{"mcpServers":{"baton":{"command":"/opt/baton"}}}';
    expect(addMcpServer(own)).toEqual({ text: own, warnings: [expect.stringContaining('of its own')] });
    expect(removeMcpServer(own)).toEqual({ text: own, warnings: [expect.stringContaining('stays')] });
  });

  it.each(['[]', '"text"', '{"a":', 'null', '{} {}'])('is refused in a file that is no JSON object: %s', (text) => {
    expect(() => addMcpServer(text)).toThrow(/no JSON object/);
  });
});

describe('a JSON text', () => {
  it('is, after additions, as a file that was serialised with them', () => {
    const value = { id: '1', blocks: [], metadata: { a: 1 }, last: null };
    for (const indent of ['  ', '\t', '']) {
      const json = new JsonText(JSON.stringify(value, null, indent), 'file');
      json.append(['blocks'], '2');
      json.append(['blocks'], '3');
      json.insert(['metadata', 'b'], { c: true });
      json.append(['new'], 1);
      const after = { id: '1', blocks: ['2', '3'], metadata: { a: 1, b: { c: true } }, last: null, new: [1] };
      expect(json.text).toBe(JSON.stringify(after, null, indent));
      json.remove(['metadata', 'a']);
      json.remove(['blocks', 0]);
      json.remove(['nothing', 'here']);
      expect(JSON.parse(json.text)).toEqual({ ...after, metadata: { b: { c: true } }, blocks: ['3'] });
    }
  });
});

describe('the hooks', () => {
  it('are added behind those that are there, once, and taken away', () => {
    const own = `${JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command: 'mine' }] }], Other: [] } }, null, 2)}\n`;
    const added = addHooks(own).text ?? '';
    expect(
      JSON.parse(added).hooks.Stop.map((group: { hooks: { command: string }[] }) => group.hooks[0]?.command),
    ).toEqual(['mine', 'baton hook stop']);
    expect(addHooks(added).text).toBe(added);
    expect(removeHooks(added).text).toBe(own);
    expect(removeHooks(addHooks(undefined).text).text).toBeUndefined();
  });
});

describe('the server in config.toml', () => {
  it.each(['', 'a = 1\n', 'a = 1', '[x]\r\ny = 2\r\n', '# only a comment\n\n'])(
    'is added and taken away: %j',
    (text) => {
      const added = addCodexServer(text).text ?? '';
      expect(added.startsWith(text)).toBe(true);
      expect(addCodexServer(added)).toEqual({ text: added, warnings: [] });
      const removed = removeCodexServer(added).text ?? '';
      expect(removed.trimEnd()).toBe(text.trimEnd());
    },
  );

  it('stays where somebody added to it', () => {
    const text = `${addCodexServer('').text}startup_timeout_sec = 20\n`;
    expect(removeCodexServer(text)).toEqual({ text, warnings: [expect.stringContaining('stays')] });
  });
});

describe('the skill', () => {
  it('replaces an older one that nobody changed', () => {
    const old = addSkill(undefined, 'old text\n', 'p').text ?? '';
    const now = addSkill(old, 'new text\n', 'p').text ?? '';
    expect(now).toContain('new text');
    expect(addSkill(now.replaceAll('\n', '\r\n'), 'new text\n', 'p').text).toBe(now);
    expect(removeSkill(old, 'p').text).toBeUndefined();
  });

  it('stays where somebody changed it', () => {
    const changed = `${addSkill(undefined, 'text\n', 'p').text}more\n`;
    expect(addSkill(changed, 'new\n', 'p')).toEqual({ text: changed, warnings: [expect.stringContaining('stays')] });
    expect(removeSkill(changed, 'p')).toEqual({ text: changed, warnings: [expect.stringContaining('stays')] });
  });
});
