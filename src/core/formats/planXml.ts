import type { VerificationCommand } from '../model/plan.ts';
import type { MetadataEntry, MetadataValue } from './metadataYaml.ts';
import { childrenNamed, type XmlElement, xmlText } from './xml.ts';

/** What an XML session says, in the form that YAML metadata has too. */
export interface XmlSession {
  readonly entries: readonly MetadataEntry[];
  readonly commands: readonly VerificationCommand[];
  readonly rollbackCommands: readonly VerificationCommand[];
}

const listsInSession = /^(?:skills|required_skills|parallel_with)$/;

/** Reads the parts of a `<session>` element that Baton knows (formats.md §2.7); the rest is in its prompt, which is the whole element. */
export function readXmlSession(text: string, session: XmlElement): XmlSession {
  const metadata = childrenNamed(session, 'metadata').flatMap(({ children }) => children);
  // The short form has the fields directly in the session.
  const direct = session.children.filter(({ name, children }) => children.length === 0 || listsInSession.test(name));
  const entries = [...metadata, ...direct].map((element) => entryOf(text, element));
  const requires = childrenNamed(session, 'dependencies').flatMap((element) => childrenNamed(element, 'requires'));
  if (requires.length > 0)
    entries.unshift(
      listEntry(
        session,
        'dependencies',
        requires.map((item) => dependencyOf(text, item)),
      ),
    );
  const files = childrenNamed(session, 'tasks')
    .flatMap((element) => childrenNamed(element, 'task'))
    .flatMap((task) => task.attributes.get('file') ?? []);
  if (files.length > 0) {
    const items = files.map(({ value, range }): MetadataValue => ({ kind: 'scalar', text: value, range }));
    entries.push(listEntry(session, 'files', items));
  }
  for (const commit of childrenNamed(session, 'commit')) {
    const message = commitOf(text, commit);
    if (message) entries.unshift(scalarEntry(commit, 'commit', message));
  }
  return {
    entries,
    commands: childrenNamed(session, 'verification').flatMap((element) => checksOf(text, element)),
    rollbackCommands: childrenNamed(session, 'rollback').flatMap((element) => checksOf(text, element)),
  };
}

function entryOf(text: string, element: XmlElement): MetadataEntry {
  const items = element.children.map((child): MetadataValue => scalar(child, xmlText(text, child)));
  return items.length > 0
    ? listEntry(element, element.name, items)
    : scalarEntry(element, element.name, xmlText(text, element));
}

function dependencyOf(text: string, element: XmlElement): MetadataValue {
  const id = element.attributes.get('session') ?? element.attributes.get('id');
  return id ? { kind: 'scalar', text: id.value, range: id.range } : scalar(element, xmlText(text, element));
}

function scalar(element: XmlElement, value: string): MetadataValue {
  return { kind: 'scalar', text: value, range: element.contentRange };
}

function scalarEntry(element: XmlElement, key: string, value: string): MetadataEntry {
  return { key, keyRange: element.openTagRange, value: scalar(element, value) };
}

function listEntry(element: XmlElement, key: string, items: readonly MetadataValue[]): MetadataEntry {
  return { key, keyRange: element.openTagRange, value: { kind: 'list', items } };
}

function commitOf(text: string, commit: XmlElement): string {
  const part = (name: string) => {
    const child = childrenNamed(commit, name)[0];
    return child ? xmlText(text, child) : '';
  };
  if (commit.children.length === 0) return xmlText(text, commit);
  const message = childrenNamed(commit, 'message')[0];
  if (message) return xmlText(text, message);
  const [type, scope, description] = [part('type'), part('scope'), part('description')];
  if (type === '' || description === '') return '';
  const body = part('body');
  return `${type}${scope === '' ? '' : `(${scope})`}: ${description}${body === '' ? '' : `\n\n${body}`}`;
}

/** `<check name command>` and `<command>` elements; a check without a command is for people. */
function checksOf(text: string, element: XmlElement): VerificationCommand[] {
  return element.children.flatMap((check): VerificationCommand[] => {
    const attribute = check.attributes.get('command');
    const isCommand = check.name === 'command';
    const command = (attribute?.value ?? (isCommand ? xmlText(text, check) : '')).trim();
    if (command === '') return [];
    const label = check.attributes.get('name')?.value ?? (attribute ? xmlText(text, check) : '');
    return [{ command, ...(label && { label }), range: attribute?.range ?? check.contentRange }];
  });
}
