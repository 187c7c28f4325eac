import fc from 'fast-check';
import {
  expandTestSiblings,
  findScopeCollisions,
  pathMatchesPattern,
} from 'session-orchestrator/scripts/lib/scope-gate.mjs';
import {
  resolveEnforcement as referenceEnforcement,
  resolveIsolation as referenceIsolation,
} from 'session-orchestrator/scripts/lib/wave-sizing.mjs';
import { describe, expect, it } from 'vitest';
import { canMeet, findOverlaps, isInScope, withTestSiblings } from '../../../../src/core/formats/waves/scopes.ts';
import {
  gateKindOf,
  mapRoles,
  maxTurnsOf,
  resolveEnforcement,
  resolveIsolation,
  roleOf,
  rolesIn,
} from '../../../../src/core/formats/waves/waveRules.ts';
import { enforcements, isolations, sessionTypes, waveRoles } from '../../../../src/core/model/waves/wavePlan.ts';

describe('rules of waves', () => {
  it('settle isolation and enforcement as the reference does', () => {
    for (const sessionType of sessionTypes) {
      for (const isolation of isolations) {
        for (const collisionRisk of ['low', 'high'] as const) {
          for (let agents = 1; agents <= 8; agents++) {
            expect(resolveIsolation({ agents, sessionType, isolation, collisionRisk })).toBe(
              referenceIsolation({ agentCount: agents, sessionType, configIsolation: isolation, collisionRisk }),
            );
          }
        }
      }
    }
    for (const isolation of ['none', 'worktree'] as const) {
      for (const enforcement of enforcements) {
        expect(resolveEnforcement(isolation, enforcement)).toBe(
          referenceEnforcement({ isolation, configEnforcement: enforcement }),
        );
      }
    }
  });

  it('let agents that make folders share the tree, unless the plan says otherwise', () => {
    const many = { agents: 6, sessionType: 'deep', makesFolders: true };
    expect(resolveIsolation({ ...many, isolation: 'auto' })).toBe('none');
    expect(resolveIsolation({ ...many, isolation: 'worktree' })).toBe('worktree');
  });

  it.each([
    ['Discovery', ['Discovery'], 'Discovery'],
    ['impl core', ['Impl-Core'], 'Impl-Core'],
    ['Impl-Polish+Quality', ['Impl-Polish', 'Quality'], 'Quality'],
    ['Quality + Finalization', ['Quality', 'Finalization'], 'Quality'],
    ['Implementation-Core — the API', ['Impl-Core'], 'Impl-Core'],
    ['Docs', ['Impl-Polish'], 'Impl-Polish'],
    ['Research+Code-Discovery', [], undefined],
    ['', [], undefined],
  ])('read the title "%s"', (title, roles, role) => {
    expect(rolesIn(title)).toEqual(roles);
    expect(roleOf(title)).toBe(role);
  });

  it('map roles to any number of waves, each role once or split, in their order', () => {
    expect([3, 4, 5, 6].map((count) => mapRoles(count).map((roles) => roles.join('+')))).toEqual([
      ['Discovery+Impl-Core', 'Impl-Polish+Quality', 'Finalization'],
      ['Discovery', 'Impl-Core+Impl-Polish', 'Quality', 'Finalization'],
      ['Discovery', 'Impl-Core', 'Impl-Polish', 'Quality', 'Finalization'],
      ['Discovery', 'Impl-Core', 'Impl-Core', 'Impl-Polish', 'Impl-Polish', 'Quality+Finalization'],
    ]);
    for (let count = 1; count <= 12; count++) {
      expect(mapRoles(count)).toHaveLength(count);
      expect([...new Set(mapRoles(count).flat())]).toEqual([...waveRoles]);
    }
  });

  it('give turns by session type and gates by role', () => {
    expect([...sessionTypes, 'other'].map((type) => maxTurnsOf(type, { maxTurns: 'auto' }))).toEqual([15, 25, 8, 15]);
    expect(maxTurnsOf('deep', { maxTurns: 3 })).toBe(3);
    expect(waveRoles.map((role) => gateKindOf(role, ['src/a.ts']))).toEqual([
      'none',
      'incremental',
      'incremental',
      'full',
      'status',
    ]);
    expect(gateKindOf('Impl-Core', ['hooks/x.mjs'])).toBe('full');
  });
});

const part = fc.constantFrom('a', 'b', 'ab', 'a.ts', '*', 'a*', '*b', '*.ts', '.x');
const entry = fc
  .array(fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: fc.constant('**') }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join('/'));
const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'a.ts', 'b.ts', '.x'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));

describe('scopes', () => {
  it('take in the paths that the reference takes in', () => {
    fc.assert(
      fc.property(path, entry, (one, glob) => {
        expect(isInScope(one, [glob])).toBe(pathMatchesPattern(one, glob));
        expect(isInScope(one, [`${glob}/`])).toBe(isInScope(one, [`${glob}/**`]));
      }),
      { numRuns: 500 },
    );
  });

  it('meet exactly where some path lies in both', () => {
    fc.assert(
      fc.property(entry, entry, fc.array(path, { minLength: 8, maxLength: 8 }), (one, other, paths) => {
        expect(canMeet(one, other)).toBe(canMeet(other, one));
        expect(canMeet(one, one)).toBe(true);
        for (const each of paths)
          if (isInScope(each, [one]) && isInScope(each, [other])) expect(canMeet(one, other)).toBe(true);
      }),
      { numRuns: 500 },
    );
    for (const [one, other] of [
      ['src/*.ts', 'src/*.js'],
      ['a*b', 'a*c'],
      ['src/**/x.ts', 'lib/**'],
      ['a/*', 'a/b/c'],
      ['a?.ts', 'ab.ts'],
    ] as const) {
      expect(canMeet(one, other)).toBe(false);
    }
  });

  it('are found to overlap wherever the reference sees it', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 2 }), fc.array(entry, { maxLength: 2 }), (one, other) => {
        const records = [
          { id: 'a', files: one },
          { id: 'b', files: other },
        ];
        const { collisions } = findScopeCollisions(records);
        const exact = (collisions as readonly { kind: string }[]).filter(({ kind }) => kind !== 'glob-prefix');
        if (exact.length > 0) expect(findOverlaps(records)).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('take in tests of sources as the reference does', () => {
    for (const files of [
      ['scripts/lib/foo.mjs'],
      ['tests/foo.test.mjs', 'a/*.mjs', 'x.md'],
      [],
      ['a/foo.mjs', 'b/foo.mjs'],
    ]) {
      expect(withTestSiblings(files)).toEqual(expandTestSiblings(files, { role: 'Impl-Core' }));
    }
    expect(withTestSiblings(['src/a.ts'])).toEqual(['src/a.ts', 'tests/**/a*.test.ts']);
  });

  it('are matched in no time whatever stands in them', () => {
    const hostile = `${'*a'.repeat(60)}b`;
    expect(isInScope('a'.repeat(5000), [hostile])).toBe(false);
    expect(canMeet(hostile, `${'a*'.repeat(60)}c`)).toBe(false);
    expect(canMeet('*'.repeat(100_000), 'x')).toBe(true);
    const many = (name: string) => ({
      id: name,
      files: Array.from({ length: 3_000 }, (_, i) => `src/${name}/${i}.ts`),
    });
    expect(findOverlaps([many('a'), many('b'), many('c')])).toEqual([]);
    expect(isInScope(`${'a/'.repeat(300)}b`, [`${'**/a/'.repeat(40)}c`])).toBe(false);
  });
});
