import * as vscode from 'vscode';
import type { CurrentPart } from '../currentSession/provider.ts';
import {
  buildWaveTree,
  changedWaves,
  emptyWaveTree,
  type WaveElement,
  type WaveFolderInput,
  type WaveTree,
} from './model.ts';
import { waveItem, waveTooltip } from './waveItems.ts';

/** Where rows of runs are shown. */
interface PartHolder {
  setPart(part: CurrentPart, changed: readonly WaveElement[] | undefined): void;
}

/** The rows of wave runs in the view "Current Session". */
export class CurrentWaves {
  readonly #holder: PartHolder;
  #tree: WaveTree = emptyWaveTree;

  constructor(holder: PartHolder) {
    this.#holder = holder;
  }

  /** Shows these runs now; fires the smallest rows that differ. */
  show(inputs: readonly WaveFolderInput[]): void {
    const before = this.#tree;
    const tree = buildWaveTree(inputs);
    this.#tree = tree;
    const changed = changedWaves(before, tree);
    if (changed?.length === 0) return;
    this.#holder.setPart(partOf(tree), changed);
  }
}

function partOf(tree: WaveTree): CurrentPart {
  return {
    ...tree,
    itemOf: ({ nodeId }) => {
      const node = tree.nodes.get(nodeId);
      return node === undefined ? new vscode.TreeItem('') : waveItem(node);
    },
    tooltipOf: ({ nodeId }) => {
      const node = tree.nodes.get(nodeId);
      return node && waveTooltip(node);
    },
  };
}
