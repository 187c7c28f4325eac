import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readAnswers,
  readQuestions,
  readReview,
  readUnanswered,
  writeAnswers,
} from '../../../../src/core/formats/isolated/outbox.ts';

describe('questions.json', () => {
  it('is one question or a list, with or without wrapping', () => {
    const one = {
      id: 'q-1',
      question: 'Which database?',
      options: ['PostgreSQL', { label: 'SQLite' }, 3],
      context: 'prefs',
      blocking: false,
    };
    const read = {
      id: 'q-1',
      question: 'Which database?',
      options: ['PostgreSQL', 'SQLite', '3'],
      context: 'prefs',
      blocking: false,
    };
    expect(readQuestions(JSON.stringify(one))).toEqual([read]);
    expect(readQuestions(`\uFEFF${JSON.stringify([one, { question: ' And then? ' }])}`)).toEqual([
      read,
      { id: 'q-2', question: 'And then?', options: [], blocking: true },
    ]);
    expect(readQuestions(JSON.stringify({ questions: [one] }))).toEqual([read]);
  });

  it('is not understood where it is torn, empty or something else', () => {
    for (const text of ['', '{"id": "q-1", "ques', 'null', '[{}]', '["?"]', '{"question": ""}', '[1]']) {
      expect(readQuestions(text)).toBeUndefined();
    }
    expect(readQuestions('[]')).toEqual([]);
  });
});

describe('answers.json', () => {
  it('is read as it was written, also where it is one object', () => {
    const answers = [
      {
        questionId: 'q-1',
        answer: 'PostgreSQL',
        additionalContext: 'use the pool',
        answeredAt: '2026-01-02T10:00:00+01:00',
      },
    ];
    expect(readAnswers(writeAnswers(answers))).toEqual(answers);
    expect(readAnswers('{"questionId": "q-1", "answer": "yes"}')).toEqual([
      { questionId: 'q-1', answer: 'yes', answeredAt: '' },
    ]);
    expect(readAnswers('[{"questionId": 1}, null, 3]')).toEqual([]);
    expect(readAnswers('torn')).toEqual([]);
  });
});

describe('review.json', () => {
  it('decides by two words only', () => {
    const base = { summary: 'Fine.', reviewedBy: 'peer', timestamp: '2026-01-02T10:00:00Z' };
    expect(readReview(JSON.stringify({ ...base, decision: 'Approved', rounds: 2 }))).toEqual({
      ...base,
      decision: 'approved',
      rounds: 2,
    });
    for (const decision of ['rejected', 'APPROVED_WITH_CONDITIONS', 'ESCALATE']) {
      expect(readReview(JSON.stringify({ ...base, decision }))?.decision).toBe('rejected');
    }
    expect(readReview(JSON.stringify({ ...base, decision: 'maybe' }))).toBeUndefined();
    expect(readReview('[]')).toBeUndefined();
  });

  it('has no time where the worker wrote a shell line', () => {
    expect(readReview('{"decision": "approved", "timestamp": "$(date -Iseconds)"}')).toEqual({
      decision: 'approved',
      summary: '',
      reviewedBy: 'the session',
    });
  });
});

it('what nobody answered is no answer, and an answer that comes later takes its place', () => {
  const answer = { questionId: 'a', answer: 'yes', answeredAt: '2026-11-20T10:00:00Z' };
  const text = writeAnswers([answer], [{ questionId: 'b', note: 'Nobody has answered.' }]);
  expect(readAnswers(text)).toEqual([answer]);
  expect(readUnanswered(text)).toEqual(['b']);
  expect(readUnanswered(writeAnswers([...readAnswers(text), { ...answer, questionId: 'b' }]))).toEqual([]);
});

it('no text breaks a reader', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      readQuestions(text);
      readAnswers(text);
      readUnanswered(text);
      readReview(text);
    }),
  );
});
