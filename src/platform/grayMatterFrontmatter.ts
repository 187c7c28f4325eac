import matter from 'gray-matter';
import { LineCounter, parseDocument } from 'yaml';
import { phrase } from '../core/base/phrase.ts';
import { locateFrontmatter } from '../core/markdown/frontmatterBlock.ts';
import type { FrontmatterReader, FrontmatterReading } from '../core/ports/frontmatter.ts';

/** What the YAML engine throws: the place counts from the first line of the file. */
class FrontmatterProblem extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Reads frontmatter through gray-matter, with every engine but YAML refusing. */
export const grayMatterFrontmatter: FrontmatterReader = {
  read(text) {
    const block = locateFrontmatter(text);
    if (block === undefined) return { kind: 'none' };
    if (!block.closed) return { kind: 'unreadable', message: 'the frontmatter is not closed by a line ---', line: 1 };
    // Before gray-matter sees it: its lookup of engines by name reaches Object's prototype (`---constructor`), and `---js` is its eval.
    if (block.language !== '' && block.language !== 'yaml') {
      return {
        kind: 'unreadable',
        message: phrase`frontmatter in "${block.language}" is never read, only YAML`,
        line: 1,
      };
    }
    return readYaml(text.slice(block.contentRange.start, block.contentRange.end));
  },
};

function readYaml(content: string): FrontmatterReading {
  // gray-matter knows no CRLF: its values would end in \r.
  const source = `---\n${content.replace(/\r\n?/g, '\n')}\n---\n`;
  try {
    // Always with options: without, gray-matter keeps results by text and gives the second reading of broken YAML as {}.
    const { data } = matter(source, {
      language: 'yaml',
      engines: { yaml: parseYaml, js: refuse, javascript: refuse, json: refuse, coffee: refuse, toml: refuse },
    });
    return { kind: 'read', data };
  } catch (error) {
    if (error instanceof FrontmatterProblem) return { kind: 'unreadable', message: error.message, line: error.line };
    throw error;
  }
}

/** Every scalar stays the text that it is: `1e5`, `1.10` and `2025-01-01` are no numbers or dates here. */
function parseYaml(source: string): object {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { schema: 'failsafe', lineCounter, logLevel: 'error' });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const message = (problem.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    throw new FrontmatterProblem(
      `the frontmatter is not valid YAML: ${message}`,
      lineCounter.linePos(problem.pos[0]).line,
    );
  }
  const data: unknown = toPlain(() => document.toJS({ maxAliasCount: 100 }));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new FrontmatterProblem('the frontmatter is not a list of "key: value"', 2);
  }
  return data;
}

/** Aliases that multiply without end are refused by `yaml` when they are resolved. */
function toPlain(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new FrontmatterProblem(
      `the frontmatter is not valid YAML: ${error instanceof Error ? error.message : error}`,
      2,
    );
  }
}

function refuse(): never {
  throw new FrontmatterProblem('frontmatter in another language than YAML is never read', 1);
}
