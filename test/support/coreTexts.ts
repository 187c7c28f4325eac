import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAst } from 'vitest/node';

/** A text of the core that people read, where it stands. */
export interface CoreText {
  /** `constant`: a literal. `tagged`: made by `phrase`. `untagged`: made of parts that no host could tell apart. */
  readonly kind: 'constant' | 'tagged' | 'untagged';
  /** The literal, or the template with `{0}` for its values; of an untagged one its source. */
  readonly text: string;
  readonly file: string;
  /** Where the expression begins and ends in the file's text. */
  readonly start: number;
  readonly end: number;
  /** Whether it is a value of another text. */
  readonly inside: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly program: Node;
}

/** A function with the place it is in. */
interface FunctionPlace {
  readonly source: Source;
  readonly node: Node;
}

/** An expression with what encloses it, outermost first. */
interface Place {
  readonly source: Source;
  readonly node: Node;
  readonly scope: readonly Node[];
  /** Whether its value stands within another text. */
  readonly inside?: boolean;
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** Properties whose values are told to people. */
const shownKeys = new Set([
  'message',
  'hint',
  'warnings',
  'reason',
  'staleness',
  'excused',
  'question',
  'detail',
  'yes',
  'purpose',
]);

/** Functions that make what git keeps, which is English. */
const commitMessage = /^(?:build|checkpoint|merge|work)\w*Message$/;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));

const listOf = (node: Node, key: string): readonly Node[] => {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

const childOf = (node: Node, key: string): Node | undefined => {
  const value = node[key];
  return isNode(value) ? value : undefined;
};

/** Whether anything of a text can be translated. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, ''));

const nameOf = (node: Node | undefined): string | undefined => {
  if (node?.type === 'Identifier') return String(node['name']);
  if (node?.type === 'MemberExpression') return nameOf(childOf(node, 'property'));
  return undefined;
};

/** Finds the texts that are shown: of errors, of problems and their fixes, warnings, progress; through constants and functions. */
export class CoreTexts {
  readonly #sources: readonly Source[];
  readonly #functions = new Map<string, FunctionPlace>();
  readonly #calls = new Map<string, Place[]>();
  readonly #seen = new Set<Node>();
  readonly #found: CoreText[] = [];

  constructor(sources: readonly { readonly file: string; readonly text: string }[]) {
    this.#sources = sources.map(({ file, text }) => ({
      file,
      text,
      program: parseAst(text, { lang: 'ts' }) as unknown as Node,
    }));
    for (const source of this.#sources) this.#index({ source, node: source.program, scope: [] });
    for (const source of this.#sources) this.#look({ source, node: source.program, scope: [] });
  }

  get all(): readonly CoreText[] {
    return this.#found;
  }

  #index(place: Place): void {
    const { node, source } = place;
    const name = nameOf(childOf(node, 'id') ?? childOf(node, 'key'));
    const body = node.type === 'VariableDeclarator' ? childOf(node, 'init') : (childOf(node, 'value') ?? node);
    if (name !== undefined && body !== undefined && functions.has(body.type)) {
      this.#functions.set(name, { source, node: body });
    }
    const callee = node.type === 'CallExpression' ? nameOf(childOf(node, 'callee')) : undefined;
    if (callee !== undefined) this.#calls.set(callee, [...(this.#calls.get(callee) ?? []), place]);
    this.#eachChild(place, (child) => this.#index(child));
  }

  #eachChild({ source, node, scope }: Place, act: (place: Place) => void): void {
    const inner = functions.has(node.type) || node.type === 'Program' ? [...scope, node] : scope;
    for (const child of childrenOf(node)) act({ source, node: child, scope: inner });
  }

  /** Looks for the places where texts are given to people. */
  #look(place: Place): void {
    const { node } = place;
    const at = (child: Node | undefined): void => child && this.#visit({ ...place, node: child });
    if (node.type === 'NewExpression' && nameOf(childOf(node, 'callee')) === 'BatonError')
      at(listOf(node, 'arguments')[1]);
    if (node.type === 'CallExpression') {
      const callee = childOf(node, 'callee');
      const name = nameOf(callee);
      const target = callee?.type === 'MemberExpression' ? nameOf(childOf(callee, 'object')) : undefined;
      if (name === 'report' || (name === 'push' && target === 'warnings'))
        for (const one of listOf(node, 'arguments')) at(one);
    }
    if (node.type === 'ObjectExpression') {
      const properties = listOf(node, 'properties').filter(({ type }) => type === 'Property');
      const keys = properties.map((property) => nameOf(childOf(property, 'key')));
      // A commit's message is for git.
      const isCommit = keys.includes('paths') || keys.includes('body');
      for (const [index, property] of properties.entries()) {
        const key = keys[index] ?? '';
        if ((shownKeys.has(key) && !isCommit) || (key === 'title' && keys.includes('edits')))
          at(childOf(property, 'value'));
      }
    }
    this.#eachChild(place, (child) => this.#look(child));
  }

  /** Follows an expression whose value is shown to the texts that it is made of. */
  #visit(place: Place): void {
    const { node, source } = place;
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    const at = (child: Node | undefined): void => child && this.#visit({ ...place, node: child });
    switch (node.type) {
      case 'Literal':
        if (typeof node['value'] === 'string') this.#add(place, 'constant', node['value']);
        return;
      case 'TemplateLiteral': {
        const values = listOf(node, 'expressions');
        if (values.length === 0) this.#add(place, 'constant', templateOf(node));
        else if (hasWords(templateOf(node))) this.#add(place, 'untagged', source.text.slice(node.start, node.end));
        this.#visitInside(place, values);
        return;
      }
      case 'TaggedTemplateExpression': {
        const quasi = childOf(node, 'quasi');
        if (quasi === undefined || nameOf(childOf(node, 'tag')) !== 'phrase') return;
        this.#add(place, 'tagged', templateOf(quasi));
        this.#visitInside(place, listOf(quasi, 'expressions'));
        return;
      }
      case 'BinaryExpression':
        this.#add(place, 'untagged', source.text.slice(node.start, node.end));
        return;
      case 'ConditionalExpression':
        at(childOf(node, 'consequent'));
        at(childOf(node, 'alternate'));
        return;
      case 'LogicalExpression':
        if (node['operator'] !== '&&') at(childOf(node, 'left'));
        at(childOf(node, 'right'));
        return;
      case 'ArrayExpression':
        for (const element of listOf(node, 'elements')) at(element);
        return;
      case 'SpreadElement':
      case 'AwaitExpression':
        at(childOf(node, 'argument'));
        return;
      case 'TSAsExpression':
      case 'ParenthesizedExpression':
        at(childOf(node, 'expression'));
        return;
      case 'CallExpression':
        this.#visitCall(place);
        return;
      case 'Identifier':
        this.#visitName(place);
        return;
    }
  }

  #visitInside(place: Place, values: readonly Node[]): void {
    for (const value of values) this.#visit({ ...place, node: value, inside: true });
  }

  #visitCall(place: Place): void {
    const callee = childOf(place.node, 'callee');
    const name = nameOf(callee) ?? '';
    const [argument] = listOf(place.node, 'arguments');
    if (callee?.type === 'MemberExpression') {
      if (argument !== undefined && functions.has(argument.type) && /^(?:map|flatMap)$/.test(name)) {
        this.#visitReturns({ ...place, node: argument });
      }
      if (name === 'join' || name === 'filter') this.#visit({ ...place, node: childOf(callee, 'object') ?? callee });
      return;
    }
    const called = commitMessage.test(name) ? undefined : this.#functions.get(name);
    if (called !== undefined && !(place.inside && called.source !== place.source)) {
      this.#visitReturns({ ...place, ...called, scope: [called.source.program] });
    }
  }

  #visitReturns(place: Place): void {
    const body = childOf(place.node, 'body');
    if (body === undefined) return;
    const scope = [...place.scope, place.node];
    if (body.type !== 'BlockStatement') {
      this.#visit({ ...place, node: body, scope });
      return;
    }
    const find = (part: Node): void => {
      const value = part.type === 'ReturnStatement' ? childOf(part, 'argument') : undefined;
      if (value !== undefined) this.#visit({ ...place, node: value, scope });
      if (!functions.has(part.type)) for (const child of childrenOf(part)) find(child);
    };
    find(body);
  }

  /** A constant's value, or what callers pass. */
  #visitName(place: Place): void {
    const { node, scope } = place;
    const name = nameOf(node);
    for (const [index, around] of [...scope.entries()].reverse()) {
      const outer = scope.slice(0, index + 1);
      const declared = functions.has(around.type) ? listOf(around, 'params') : [];
      const position = declared.findIndex((one) => nameOf(one) === name);
      if (position >= 0) {
        const called = [...this.#functions].find(([, one]) => one.node === around)?.[0];
        for (const call of this.#calls.get(called ?? '') ?? []) {
          const given = listOf(call.node, 'arguments')[position];
          if (given !== undefined) this.#visit({ ...call, node: given, inside: place.inside === true });
        }
        return;
      }
      const value = declaredIn(around, name);
      if (value !== undefined) {
        this.#visit({ ...place, node: value, scope: outer });
        return;
      }
    }
  }

  #add({ source, node, inside }: Place, kind: CoreText['kind'], text: string): void {
    if (hasWords(text)) {
      this.#found.push({ kind, text, file: source.file, start: node.start, end: node.end, inside: inside === true });
    }
  }
}

/** What a constant of this name is, in this function or file and not in the functions inside. */
function declaredIn(around: Node, name: string | undefined): Node | undefined {
  const queue = [...childrenOf(around)];
  for (const node of queue) {
    if (node.type === 'VariableDeclarator' && nameOf(childOf(node, 'id')) === name) return childOf(node, 'init');
    if (!functions.has(node.type)) queue.push(...childrenOf(node));
  }
  return undefined;
}

function templateOf(template: Node): string {
  return listOf(template, 'quasis')
    .map((quasi) => {
      const value = quasi['value'];
      return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
    })
    .reduce((whole, part, at) => `${whole}{${at - 1}}${part}`);
}

/** The texts of these folders of the repository. */
export function readCoreTexts(root: string, folders: readonly string[]): readonly CoreText[] {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file: relative(root, file), text: readFileSync(file, 'utf8') })),
  );
  return new CoreTexts(sources).all;
}
