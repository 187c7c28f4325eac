/** A trusted folder with task lists beside the sample project: the tree, the editor, and what agents get of this window. */
import './suites/tasksTree.ts';
import './suites/tasksEditor.ts';
import './suites/tasksAgents.ts';
import './suites/tasksSync.ts';
