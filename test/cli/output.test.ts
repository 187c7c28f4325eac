import { describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output.ts';

function outputOn(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Record<string, string> = {},
) {
  let written = '';
  const output = new Output({ ...stream, write: (text: string) => (written += text) }, environment);
  return { output, written: () => written };
}

describe('Output', () => {
  it.each([
    ['a pipe', {}, {}, false],
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR against FORCE_COLOR', {}, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('on %s paints rightly', (_, stream, environment, coloured) => {
    const painted = outputOn(stream, environment as Record<string, string>).output.paint('good', 'x');
    expect(painted).toBe(coloured ? '\u001b[32mx\u001b[39m' : 'x');
  });

  it.each([
    [{ isTTY: true, columns: 120 }, {}, 120],
    [{ isTTY: true, columns: 10 }, {}, 80],
    [{}, {}, 80],
    [{}, { COLUMNS: '100' }, 100],
    [{}, { COLUMNS: 'wide' }, 80],
  ])('takes its width from %j and %j', (stream, environment, columns) => {
    expect(outputOn(stream, environment as Record<string, string>).output.columns).toBe(columns);
  });

  it('wraps text under its label', () => {
    const { output, written } = outputOn({ isTTY: true, columns: 40 });
    output.wrapped('one two three four five six seven eight nine', { label: 'Paused   ' });
    expect(written()).toBe('Paused   one two three four five six\n         seven eight nine\n');
  });
});
