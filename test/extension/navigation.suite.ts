/** Two folders, the sample project in the first: where editors of state files lead, and what they change in several files at once. */
import './suites/editorNavigation.ts';
