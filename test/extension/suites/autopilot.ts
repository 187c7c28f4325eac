import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { readAutopilot, runAutopilot } from '../../../src/core/actions/waves/autopilot.ts';
import { boundsOf } from '../../../src/core/actions/waves/killSwitches.ts';
import { neverCancelled } from '../../../src/core/base/cancellation.ts';
import { defaultWaveConfig } from '../../../src/core/model/waves/waveConfig.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import { createNodePorts } from '../../../src/platform/nodePorts.ts';
import { activateBaton, pathOf, refusalOf, runBaton, waitFor } from './window.ts';

describe('the autopilot', function () {
  this.timeout(60_000);
  let api: BatonExports;

  before(async () => {
    api = await activateBaton();
  });

  it('is seen in the status bar while it runs, and stopped from there', async () => {
    const { waves } = await api.late;
    const nobody = async () => undefined;
    const ports = await createNodePorts({
      root: pathOf(''),
      prompt: { approveCommands: nobody, chooseFiles: nobody, confirm: nobody },
      logger: { info() {}, warn() {}, error() {} },
    });
    assert.equal(await refusalOf(api, 'baton.stopAutopilot', {}), 'wrong-state');
    const candidate = { session: 'A-01', title: 'A', mode: 'feature', confidence: 1, doubts: [] };
    const running = runAutopilot(
      { ports, cancellation: neverCancelled, report: () => {} },
      boundsOf(defaultWaveConfig.autopilot),
      {
        next: async () => candidate,
        run: async ({ killNow }) => {
          const kill = await waitFor('the stop', () => killNow(0), 30_000);
          return { label: 'a', agents: { failed: 0, spiral: 0 }, planned: 1, carryover: 0, outputTokens: 0, kill };
        },
        pressure: async () => ({ verdict: 'ok', peers: 0 }),
      },
    );
    await waitFor('its session', async () => (await readAutopilot({ ports }))?.current);
    await waves.autopilot.refresh();
    assert.equal(waves.autopilot.text, '$(rocket) A-01 $(debug-stop)');
    assert.equal(api.contextKeys()['baton.autopilotRuns'], true);
    await runBaton(api, 'baton.stopAutopilot');
    assert.equal((await running).end?.kill, 'user-abort');
    await waves.autopilot.refresh();
    assert.equal(waves.autopilot.text, undefined);
    assert.equal(api.contextKeys()['baton.autopilotRuns'], false);
  });
});
