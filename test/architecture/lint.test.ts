import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/.bin/biome');

interface Finding {
  readonly category: string;
  readonly file: string;
}

/** Lints a folder with the project's own biome.json and returns what it finds, as rule and file. */
function lint(folder: string): Promise<readonly Finding[]> {
  return new Promise((done, fail) => {
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
    execFile(biome, args, { cwd: folder, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      const start = stdout.indexOf('{');
      if (start < 0) return fail(new Error(`biome said nothing usable: ${stderr}`, { cause: error }));
      const report: { diagnostics: { category: string; location: { path: string } }[] } = JSON.parse(
        stdout.slice(start),
      );
      done(report.diagnostics.map(({ category, location }) => ({ category, file: location.path })));
    });
  });
}

const restricted = 'lint/style/noRestrictedImports';

/** A file that breaks exactly one rule, and the rule that must say so. */
const violations: readonly { what: string; file: string; text: string; rule: string }[] = [
  ...[
    ['vscode in the core', 'src/core/model/a.ts', 'vscode'],
    ['Node in the core', 'src/core/actions/a.ts', 'node:path'],
    ['Node in the core, old spelling', 'src/core/store/a.ts', 'fs'],
    ['Node below node:', 'src/core/ports/a.ts', 'node:fs/promises'],
    ['platform in the core', 'src/core/actions/b.ts', '../../platform/files.ts'],
    ['extension in the core', 'src/core/store/b.ts', '../../extension/extension.ts'],
    ['cli in the core', 'src/core/base/b.ts', '../../cli/main.ts'],
    ['gray-matter in the core', 'src/core/markdown/a.ts', 'gray-matter'],
    ['a host in the errors of the core', 'src/core/errors.ts', '../cli/main.ts'],
    ['base imports upwards', 'src/core/base/c.ts', '../model/id.ts'],
    ['model imports upwards', 'src/core/model/c.ts', '../markdown/table.ts'],
    ['markdown imports upwards', 'src/core/markdown/c.ts', '../formats/plan.ts'],
    ['ports import upwards', 'src/core/ports/c.ts', '../formats/plan.ts'],
    ['formats import upwards', 'src/core/formats/c.ts', '../checks/cycle.ts'],
    ['checks import upwards', 'src/core/checks/c.ts', '../store/store.ts'],
    ['store imports upwards', 'src/core/store/c.ts', '../actions/start.ts'],
    ['store imports the language', 'src/core/store/d.ts', '../language/hover.ts'],
    ['language imports upwards', 'src/core/language/c.ts', '../effects/runner.ts'],
    ['effects import the language', 'src/core/effects/d.ts', '../language/hover.ts'],
    ['effects import upwards', 'src/core/effects/c.ts', '../actions/start.ts'],
    ['extension in the platform', 'src/platform/a.ts', '../extension/extension.ts'],
    ['cli in the platform', 'src/platform/b.ts', '../cli/main.ts'],
    ['vscode in the platform', 'src/platform/c.ts', 'vscode'],
    ['cli imports extension', 'src/cli/a.ts', '../extension/extension.ts'],
    ['cli imports mcp', 'src/cli/b.ts', '../mcp/main.ts'],
    ['cli imports vscode', 'src/cli/c.ts', 'vscode'],
    ['cli opens files itself', 'src/cli/d.ts', 'node:fs'],
    ['mcp imports cli', 'src/mcp/a.ts', '../cli/main.ts'],
    ['mcp imports extension', 'src/mcp/b.ts', '../extension/extension.ts'],
    ['mcp imports the supervisor', 'src/mcp/c.ts', '../supervisor/main.ts'],
    ['supervisor imports cli', 'src/supervisor/a.ts', '../cli/main.ts'],
    ['supervisor opens files itself', 'src/supervisor/b.ts', 'node:fs'],
    ['core imports the supervisor', 'src/core/actions/zz.ts', '../../supervisor/main.ts'],
    ['extension imports cli', 'src/extension/a.ts', '../cli/main.ts'],
    ['extension imports mcp from a subfolder', 'src/extension/views/a.ts', '../../mcp/main.ts'],
    ['extension starts git itself', 'src/extension/b.ts', 'simple-git'],
    ['extension starts processes itself', 'src/extension/c.ts', 'node:child_process'],
    ['extension imports the page of the dashboard', 'src/extension/dashboard/a.ts', '../../webview/store.ts'],
    ['webview imports platform', 'src/webview/a.ts', '../platform/files.ts'],
    ['webview imports vscode', 'src/webview/b.ts', 'vscode'],
    ['webview imports Node', 'src/webview/c.ts', 'node:path'],
    ['webview imports the extension', 'src/webview/table/a.ts', '../../extension/registration.ts'],
    ['webview reads files itself', 'src/webview/charts/a.ts', '../../core/formats/progress.ts'],
  ].flatMap(([what = '', file = '', from = '']) => [
    { what, file, text: `import { x } from '${from}';\nexport const y = x;\n`, rule: restricted },
    {
      what: `${what}, types only`,
      file: file === 'src/core/errors.ts' ? 'src/core/more.ts' : file.replace('.ts', 'Type.ts'),
      text: `import type { X } from '${from}';\nexport type Y = X;\n`,
      rule: restricted,
    },
  ]),
  {
    what: 'any',
    file: 'src/platform/any.ts',
    text: 'export const y: any = 1;\n',
    rule: 'lint/suspicious/noExplicitAny',
  },
  {
    what: 'non-null assertion',
    file: 'src/platform/bang.ts',
    text: 'export const y = (list: number[]): number => list[0]!;\n',
    rule: 'lint/style/noNonNullAssertion',
  },
  {
    what: 'default export',
    file: 'src/platform/standard.ts',
    text: 'export default 1;\n',
    rule: 'lint/style/noDefaultExport',
  },
  {
    what: 'enum',
    file: 'src/platform/colour.ts',
    text: 'export enum Colour {\n  Red,\n}\n',
    rule: 'lint/style/noEnum',
  },
  {
    what: 'barrel',
    file: 'src/platform/all.ts',
    text: "export { y } from './any.ts';\n",
    rule: 'lint/performance/noBarrelFile',
  },
  {
    what: 'import without .ts',
    file: 'src/platform/bare.ts',
    text: "import { y } from './any';\nexport const z = y;\n",
    rule: 'lint/correctness/useImportExtensions',
  },
  {
    what: 'floating promise',
    file: 'src/platform/floating.ts',
    text: 'async function work(): Promise<void> {}\nexport function go(): void {\n  work();\n}\n',
    rule: 'lint/nursery/noFloatingPromises',
  },
  {
    what: 'cycle',
    file: 'src/platform/one.ts',
    text: "import { two } from './two.ts';\nexport const one = (): number => two();\n",
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    what: 'the other half of the cycle',
    file: 'src/platform/two.ts',
    text: "import { one } from './one.ts';\nexport const two = (): number => one();\n",
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    what: 'skipped test',
    file: 'test/core/a.test.ts',
    text: "import { it } from 'vitest';\nit.skip('later', () => {});\n",
    rule: 'lint/suspicious/noSkippedTests',
  },
  {
    what: 'focused test',
    file: 'test/core/b.test.ts',
    text: "import { it } from 'vitest';\nit.only('alone', () => {});\n",
    rule: 'lint/suspicious/noFocusedTests',
  },
  {
    what: 'file name',
    file: 'src/platform/Some_Name.ts',
    text: 'export const y = 1;\n',
    rule: 'lint/style/useFilenamingConvention',
  },
];

/** What each part of the source may do; a guard that forbids this is wrong too. */
const allowed: readonly (readonly [file: string, from: string])[] = [
  ['src/core/actions/ok.ts', '../store/ok.ts'],
  ['src/core/effects/ok.ts', '../store/ok.ts'],
  ['src/core/language/ok.ts', '../store/ok.ts'],
  ['src/core/language/actions.ts', '../checks/ok.ts'],
  ['src/core/store/ok.ts', '../checks/ok.ts'],
  ['src/core/checks/ok.ts', '../formats/ok.ts'],
  ['src/core/formats/ok.ts', '../markdown/ok.ts'],
  ['src/core/markdown/ok.ts', '../model/ok.ts'],
  ['src/core/model/ok.ts', '../base/ok.ts'],
  ['src/core/base/ok.ts', '../errors.ts'],
  ['src/core/formats/yaml.ts', 'yaml'],
  ['src/platform/ok.ts', 'node:fs'],
  ['src/platform/git.ts', 'simple-git'],
  ['src/cli/ok.ts', '../platform/ok.ts'],
  ['src/cli/paths.ts', 'node:path'],
  ['src/extension/ok.ts', 'vscode'],
  ['src/extension/actions.ts', '../core/actions/ok.ts'],
];

describe('the lint guards', () => {
  const planted = mkdtempSync(join(tmpdir(), 'baton lint ü-'));
  let findings: readonly Finding[] = [];

  function put(file: string, text: string): void {
    mkdirSync(dirname(join(planted, file)), { recursive: true });
    writeFileSync(join(planted, file), text);
  }

  beforeAll(async () => {
    cpSync(join(root, 'biome.json'), join(planted, 'biome.json'));
    symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'), 'dir');
    for (const { file, text } of violations) put(file, text);
    for (const [file, from] of allowed) put(file, `import { x } from '${from}';\nexport const y = x;\n`);
    findings = await lint(planted);
  });

  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it.each(violations)('report $what', ({ file, rule }) => {
    expect(findings.filter((finding) => finding.file === file).map((finding) => finding.category)).toContain(rule);
  });

  it.each(allowed)('leave %s free to import %s', (file) => {
    expect(findings.filter((finding) => finding.file === file)).toEqual([]);
  });

  it('find nothing in the project', async () => {
    expect(await lint(root)).toEqual([]);
  });
});
