/** A trusted folder with task lists beside the sample project: the tree, the editor, and what agents get of this window. */
import { before } from 'mocha';
import './suites/tasksTree.ts';
import './suites/tasksEditor.ts';
import './suites/tasksAgents.ts';
import './suites/tasksSync.ts';
import { setSetting } from './suites/window.ts';

// A browser's window saves by itself, after a second: on a busy machine in the middle of a test of unsaved text.
before(() => setSetting('files.autoSave', 'off'));
