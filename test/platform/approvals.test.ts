import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileApprovals } from '../../src/platform/fileApprovals.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('approvals', () => {
  it('hold for exactly the commands, in their order, in this repository', async () => {
    const [folder, root, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const approvals = createFileApprovals(root, join(folder, 'baton'));
    expect(await approvals.isApproved(['npm test'])).toBe(false);
    await approvals.approve(['npm test', 'npm run lint']);
    await approvals.approve(['npm test', 'npm run lint']);
    expect(await approvals.isApproved(['npm test', 'npm run lint'])).toBe(true);
    for (const commands of [
      ['npm test'],
      ['npm run lint', 'npm test'],
      ['npm test', 'npm run lint '],
      ['npm test\nnpm run lint'],
      ['npm test","npm run lint'],
      [],
    ]) {
      expect([commands, await approvals.isApproved(commands)]).toEqual([commands, false]);
    }
    expect(await createFileApprovals(other, join(folder, 'baton')).isApproved(['npm test', 'npm run lint'])).toBe(
      false,
    );
    symlinkSync(root, join(folder, 'link'));
    expect(
      await createFileApprovals(join(folder, 'link'), join(folder, 'baton')).isApproved(['npm test', 'npm run lint']),
    ).toBe(true);
  });

  it('are kept for many repositories at once, readable by the user alone', async () => {
    const folder = temporaryFolder();
    const roots = Array.from({ length: 8 }, () => temporaryFolder());
    await Promise.all(roots.map((root) => createFileApprovals(root, folder).approve(['x'])));
    for (const root of roots) expect(await createFileApprovals(root, folder).isApproved(['x'])).toBe(true);
    expect(statSync(join(folder, 'approvals.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'approvals.json'), 'utf8')).not.toContain('"x"');
  });

  it('in a file that cannot be understood approve nothing, and the file stays', async () => {
    const [folder, root] = [temporaryFolder(), temporaryFolder()];
    for (const text of ['{"repositories":', '[]', `{"repositories":{${JSON.stringify(root)}:"x"}}`]) {
      writeFileSync(join(folder, 'approvals.json'), text);
      expect(await createFileApprovals(root, folder).isApproved(['x'])).toBe(false);
    }
    writeFileSync(join(folder, 'approvals.json'), '{"repositories":');
    await expect(createFileApprovals(root, folder).approve(['x'])).rejects.toMatchObject({ code: 'unreadable-file' });
    expect(readFileSync(join(folder, 'approvals.json'), 'utf8')).toBe('{"repositories":');
  });
});
