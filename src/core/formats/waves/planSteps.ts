import { parseMarkdown } from '../../markdown/document.ts';
import { sectionOf } from '../../markdown/sections.ts';
import { parsePlan } from '../plan.ts';

/** A plan longer than this is not put whole into a prompt: its path is there. */
const longestPlan = 24_000;

/**
 * The steps of a plan file that a task follows, word for word: the section `## Task N: title` that the task names by its number or its title;
 * the prompt of the session whose ID stands in the task where the file is a plan of sessions; the whole text where the file has one task or none, and is not too long. Undefined where it is not clear which are meant.
 */
export function stepsFor(text: string, task: string): string | undefined {
  const doc = parseMarkdown(text);
  const session = sessionIn(text, task);
  if (session !== undefined) return session;
  const sections = doc.headings.filter(({ text: title }) => /^task\s+\d+\b/i.test(title));
  if (sections.length <= 1) return text.length <= longestPlan ? text.trim() : undefined;
  const number = /\btask\s+(\d+)\b/i.exec(task)?.[1];
  const wanted = plainWords(task);
  const found = sections.filter(({ text: title }) => {
    const [, own, name = ''] = /^task\s+(\d+)\s*[:—–.-]?\s*(.*)$/i.exec(title) ?? [];
    return number === undefined ? name !== '' && wanted.includes(plainWords(name)) : own === number;
  });
  const [only, second] = found;
  if (only === undefined || second !== undefined) return undefined;
  const { headingRange, bodyRange } = sectionOf(doc, only);
  return text.slice(headingRange.start, bodyRange.end).trim();
}

function sessionIn(text: string, task: string): string | undefined {
  const words = new Set(task.split(/[^\p{L}\p{N}._-]+/u));
  const found = parsePlan(text, '').value.sessions.filter(({ id }) => words.has(id));
  const [only, second] = found;
  return second === undefined ? only?.prompt?.text.trim() : undefined;
}

function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
