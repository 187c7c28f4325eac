/** One session in the form of the official template: YAML metadata, and a prompt fence with headings and fences in it. */
export function templateSession(id: string, dependencies: string, title = 'Matcher Engine'): string {
  return `## Session ${id}: ${title}

### Metadata

\`\`\`yaml
session_id: ${id}
phase: 1
track: backend
execution: 🖥️ CLI | 🏗️ Heavy | 🧠 Ultrathink
estimated_time: 90 minutes
dependencies: ${dependencies}
parallel_with:
  - BE-09
task_list: pipeline-x1
\`\`\`

### System Configuration

\`\`\`yaml
model: claude-sonnet-4-20250514
thinking_mode: ultrathink
max_thinking_tokens: 32000
temperature: 0.0
\`\`\`

### Skills Registry

\`\`\`yaml
skills:
  - name: backend-scaffold
    path: /skills/a
  - name: testing
\`\`\`

### Sub-Agents

\`\`\`yaml
sub_agents:
  - name: DatabaseArchitect
    role: Design schema
    model: claude-sonnet-4-20250514
    responsibilities:
      - Define tables
      - Create indexes
    files:
      - src/db.ts
\`\`\`

### Context

**Reference Files:**
- \`src/a.ts\` - the old matcher
- [guide](docs/guide.md)

- [ ] Prerequisite is there

### Prompt

\`\`\`markdown
# Session ${id}: ${title}

## Objective

Build it.

| Session | Status |
|---------|--------|
| BE-77 | ⬜ Pending |

\`\`\`bash
# run tests
pytest -v
\`\`\`

### Session ZZ-99: not a session

- [ ] not an item
\`\`\`

### Expected Output

- src/matcher.ts

### Verification Checklist

- [ ] All tests pass
- [x] Types are right

### Verification Commands

\`\`\`bash
cd backend
# unit tests
pytest -v
ruff check . \\
  --fix
\`\`\`

### Rollback Commands

\`\`\`bash
alembic downgrade -1
\`\`\`

### Git Commit

\`\`\`bash
git add -A
git commit -m "feat(nib): add \\"matcher\\"

Body.

Session: ${id}"
\`\`\`

---

`;
}

/** A plan of the official template with one session per entry of `sessions` (ID and dependencies). */
export function templatePlan(sessions: readonly (readonly [string, string])[]): string {
  const parts = sessions.map(([id, dependencies]) => templateSession(id, dependencies));
  return `# Pipeline Unification - Implementation Prompts\n\n# PHASE 1: FOUNDATION (Week 2)\n\n---\n\n${parts.join('')}`;
}
