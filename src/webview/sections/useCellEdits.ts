import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { sessionStatuses } from '../../core/model/sessionStatus.ts';
import { useLatest } from '../hooks.ts';
import type { DashboardHost } from '../host.ts';
import type { CellResults } from '../results.ts';
import type { DashboardModel } from '../store.ts';
import { type CellEdits, withEdit, withoutWritten, withResult } from '../table/cellEdits.ts';
import { cellName, type TableColumn } from '../table/columns.ts';

/** The edits of cells, and what begins and ends them. The functions stay the same, so that rows need not be drawn again for them. */
export interface CellEditing {
  readonly edits: CellEdits;
  readonly begin: (key: string, column: TableColumn) => void;
  readonly commit: (key: string, column: string, text: string) => void;
  readonly cancel: (key: string, column: string) => void;
  /** Asks for a state of sessions; `word` stands in their cells until the files have it. */
  readonly setStatus: (keys: readonly string[], status: (typeof sessionStatuses)[number], word: string) => void;
}

/** After so long a written text gives way to what the row says: the file may say it in another way. */
const keepWrittenMs = 3_000;

let lastRequest = 0;

/** Keeps the edits of cells. */
export function useCellEdits(
  context: { readonly host: DashboardHost; readonly model: DashboardModel; readonly columns: readonly TableColumn[] },
  results: CellResults,
): CellEditing {
  const [edits, setEdits] = useState<CellEdits>(new Map());
  const latest = useLatest({ ...context, edits });
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const subscription = results(({ request, message }) => {
      setEdits((before) => withResult(before, request, message));
      if (message === undefined)
        timers.add(setTimeout(() => setEdits((before) => withoutWritten(before)), keepWrittenMs));
    });
    return () => {
      subscription.dispose();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [results]);
  const { byKey } = context.model;
  const seen = useRef(byKey);
  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = byKey;
    if (before === byKey) return;
    setEdits((now) => {
      const changed = new Set([...now.keys()].filter((key) => before.get(key) !== byKey.get(key)));
      return withoutWritten(now, changed);
    });
  }, [byKey]);
  return useMemo(() => ({ edits, ...editFunctions(latest, setEdits) }), [edits, latest]);
}

type Latest = {
  readonly host: DashboardHost;
  readonly model: DashboardModel;
  readonly columns: readonly TableColumn[];
  readonly edits: CellEdits;
};

function editFunctions(
  latest: { readonly current: Latest },
  setEdits: (change: (before: CellEdits) => CellEdits) => void,
): Omit<CellEditing, 'edits'> {
  return {
    begin: (key, column) => {
      const session = latest.current.model.byKey.get(key);
      const name = session && cellName(column, session);
      const was = name === undefined ? undefined : session?.cells[name];
      if (was === undefined) return;
      const open = latest.current.edits.get(key)?.get(column.id);
      if (open?.phase === 'pending') return;
      setEdits((before) => withEdit(before, key, column.id, { phase: 'open', was, text: was }));
    },
    commit: (key, column, text) => {
      const { host, model, columns, edits } = latest.current;
      const session = model.byKey.get(key);
      const edit = edits.get(key)?.get(column);
      const place = columns.find(({ id }) => id === column);
      const name = session && place && cellName(place, session);
      if (edit === undefined || name === undefined || text === edit.was) {
        setEdits((before) => withEdit(before, key, column, undefined));
        return;
      }
      const request = ++lastRequest;
      // After a refusal the person has seen what the file says now.
      const was = edit.phase === 'refused' ? (session?.cells[name] ?? edit.was) : edit.was;
      setEdits((before) => withEdit(before, key, column, { phase: 'pending', was, text, request }));
      host.post({ v: 1, kind: 'editCell', request, key, column: name, was, text });
    },
    cancel: (key, column) => setEdits((before) => withEdit(before, key, column, undefined)),
    setStatus: (keys, status, word) => {
      const request = ++lastRequest;
      setEdits((before) =>
        keys.reduce(
          (all, key) => withEdit(all, key, 'state', { phase: 'pending', was: '', text: word, request }),
          before,
        ),
      );
      latest.current.host.post({ v: 1, kind: 'setStatus', request, keys, status });
    },
  };
}
