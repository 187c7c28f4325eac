/**
 * The page of a VS Code window, driven as a person drives it: keys, clicks, what can be seen. Selectors are those of
 * VS Code 1.139's web workbench; each method waits for what it needs, so tests need no pauses of their own.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { cacheDir } from '../../scripts/lib/paths.ts';

/** A text as it stands, or a pattern for it. */
type Text = string | RegExp;

/** A part of the page, in its pixels. */
interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One window's page. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the window is drawn. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor();
  }

  // Palette, pickers and input boxes.

  /** Runs a command by its title in the palette (`Category: Title`). */
  async command(title: string): Promise<void> {
    const row = this.#quickRow(title, 'whole');
    for (let attempt = 1; ; attempt += 1) {
      await this.#openQuickInput('F1');
      // An editor that opens meanwhile takes the focus, and the palette closes.
      const typed = this.#quickInput().fill(`>${title}`, { timeout: 5_000 });
      const seen = await typed
        .then(() => row.waitFor({ timeout: 5_000 }))
        .then(
          () => true,
          () => false,
        );
      const clicked =
        seen &&
        (await row.click({ timeout: 3_000 }).then(
          () => true,
          () => false,
        ));
      if (clicked) return;
      if (attempt === 3) throw new Error(`The palette does not offer “${title}”`);
    }
  }

  /** Tells whether the palette offers a command. */
  async hasCommand(title: string): Promise<boolean> {
    await this.#openQuickInput('F1');
    await this.#quickInput().fill(`>${title}`);
    // The palette answers with commands, or with one row that says there are none.
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const count = await this.#quickRow(title, 'whole').count();
    await this.page.keyboard.press('Escape');
    return count > 0;
  }

  /** Waits for a picker or an input box with this title or placeholder, and returns its widget. */
  async quickInput(titleOrPlaceholder?: string): Promise<Locator> {
    const widget = this.page.locator('.quick-input-widget:visible');
    if (titleOrPlaceholder === undefined) await widget.waitFor();
    else {
      const title = widget.locator('.quick-input-title', { hasText: titleOrPlaceholder });
      await title.or(widget.getByPlaceholder(titleOrPlaceholder)).first().waitFor();
    }
    return widget;
  }

  /** Chooses the row of the open picker whose label is, or begins with, this text; types it where it is too far down to be seen. */
  async pick(label: string): Promise<void> {
    const row = this.#quickRow(label, 'start');
    const seen = await row.waitFor({ timeout: 1_500 }).then(
      () => true,
      () => false,
    );
    if (!seen) await this.#quickInput().fill(label);
    await row.click();
  }

  /** Ticks or unticks a row of the open picker that takes several; {@link accept} ends it. */
  async tickPick(label: string): Promise<void> {
    await this.#quickRow(label, 'start').click();
  }

  /** The labels of the open picker, as a screen reader hears them. */
  async pickLabels(): Promise<readonly string[]> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
  }

  /** Types into the open input box or picker; with `enter` it accepts too. */
  async type(text: string, options: { readonly enter?: boolean } = {}): Promise<void> {
    await this.#quickInput().fill(text);
    // The box that was open before may give the focus back to where it came from, a moment too late.
    if (options.enter !== false) await this.#quickInput().press('Enter');
  }

  /** Accepts the open picker or input box as it is. */
  async accept(): Promise<void> {
    await this.#quickInput().press('Enter');
  }

  /** The message under the open input box, for one that refuses what was typed. */
  inputMessage(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-message');
  }

  /** Presses a key that opens it, again where the window was too young or too busy to notice. */
  async #openQuickInput(key: string): Promise<void> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await this.page.keyboard.press(key);
      const opened = await this.#quickInput()
        .waitFor({ timeout: 3_000 })
        .then(
          () => true,
          () => false,
        );
      if (opened) return;
    }
    throw new Error(`${key} opened nothing`);
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** A row of the open picker by its label's text, icons aside: the whole of it, or its first words. */
  #quickRow(label: string, part: 'whole' | 'start'): Locator {
    const escaped = label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const text = new RegExp(part === 'whole' ? `^\\s*${escaped}\\s*$` : `^\\s*${escaped}(?![\\w-])`);
    const name = this.page.locator('.label-name').filter({ hasText: text });
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
  }

  // Views.

  /** Shows a view container by its title; leaves it alone when it is shown already. */
  async openContainer(title: string): Promise<void> {
    const tab = this.containerTab(title);
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** The container's tab in the activity bar; its link's label ends in the badge's text. */
  containerTab(title: string): Locator {
    const link = this.page.locator(`a[aria-label^=${JSON.stringify(title)}]`);
    return this.page.locator('.activitybar [role=tab]').filter({ has: link });
  }

  /** What the container's badge says, empty without one. */
  async badge(title: string): Promise<string> {
    const label = (await this.containerTab(title).locator('a').first().getAttribute('aria-label')) ?? '';
    return label.slice(title.length).replace(/^ - /, '');
  }

  /** A view of the shown container, by its title. */
  view(title: string): Locator {
    const header = this.page.locator(`.pane-header[aria-label^=${JSON.stringify(title)}]`);
    return this.page.locator('.pane').filter({ has: header });
  }

  /** Opens a collapsed view. */
  async expandView(title: string): Promise<void> {
    const header = this.view(title).locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** Closes an open view, so that the others have its room: rows that do not fit are not drawn. */
  async collapseView(title: string): Promise<void> {
    const header = this.view(title).locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }

  /** Makes a view taller by dragging its lower edge; the next one gives way. */
  async growView(title: string, pixels: number): Promise<void> {
    const box = await this.view(title).boundingBox();
    if (box === null) throw new Error(`The view ${title} is not shown`);
    await this.#drag(box.x + 40, box.y + box.height, 0, pixels);
  }

  /** Makes a view as high as its rows are together: how VS Code shares a window's height among views is its own affair. */
  async fitView(title: string): Promise<void> {
    // All rows are drawn only where there is room for them.
    await this.growView(title, 300);
    const box = await this.view(title).boundingBox();
    const last = await this.view(title).getByRole('treeitem').last().boundingBox();
    if (box === null || last === null) throw new Error(`The view ${title} is not shown, or has no rows`);
    await this.growView(title, Math.round(last.y + last.height - box.y - box.height));
  }

  /** Clicks an action in a view's title bar. */
  async viewAction(title: string, name: Text): Promise<void> {
    const header = this.view(title).locator('.pane-header');
    await header.hover();
    await header.getByRole('button', { name }).first().click();
  }

  /** Chooses from a view's `…` menu. */
  async viewMenu(title: string, item: Text): Promise<void> {
    await this.#chooseFromMenu(() => this.viewAction(title, /^(More Actions|Views and More Actions)/), item);
  }

  /** A tree row, by the label that a screen reader hears (`accessibilityInformation.label`, else label and description). */
  row(name: Text, view?: string): Locator {
    const within = view === undefined ? this.page.locator('.sidebar, .panel, .auxiliarybar') : this.view(view);
    return within.getByRole('treeitem', { name }).first();
  }

  async clickRow(name: Text, view?: string): Promise<void> {
    await this.row(name, view).click();
  }

  /** Opens a tree row that has children. */
  async expandRow(name: Text, view?: string): Promise<void> {
    const row = this.row(name, view);
    await row.waitFor();
    const open = row.and(this.page.locator('[aria-expanded=true]'));
    // A tree that is drawn anew under the pointer swallows the click; a person would click again.
    for (let attempt = 0; (await row.getAttribute('aria-expanded')) === 'false' && attempt < 4; attempt++) {
      await row.locator('.monaco-tl-twistie').click();
      await open.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
    if ((await row.getAttribute('aria-expanded')) === null) return;
    await open.waitFor();
    // Its children come a moment later, as its next sibling.
    await row.locator('xpath=following-sibling::*[@role="treeitem"]').first().waitFor();
  }

  /** The labels of a view's rows that can be seen, from top to bottom. */
  async rowLabels(view: string): Promise<readonly string[]> {
    const rows = this.view(view).getByRole('treeitem');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
  }

  /** A row's check box; click it, or read `aria-checked`. */
  checkbox(name: Text, view?: string): Locator {
    return this.row(name, view).getByRole('checkbox');
  }

  async tick(name: Text, view?: string): Promise<void> {
    await this.checkbox(name, view).click();
  }

  /** Clicks an inline action of a row. */
  async rowAction(name: Text, action: Text, view?: string): Promise<void> {
    const row = this.row(name, view);
    // A row that is drawn anew, or moves, is no longer under the pointer, and its actions are not shown.
    for (let attempt = 1; ; attempt += 1) {
      await row.hover();
      const button = row.getByRole('button', { name: action }).first();
      const timeout = attempt < 4 ? 3_000 : 20_000;
      const clicked = await button.click({ timeout }).then(
        () => true,
        (error: unknown) => {
          if (attempt === 4) throw error;
          return false;
        },
      );
      if (clicked) return;
    }
  }

  /** Chooses from a row's context menu. */
  async rowMenu(name: Text, item: Text, view?: string): Promise<void> {
    await this.#chooseFromMenu(() => this.row(name, view).click({ button: 'right' }), item);
  }

  /** Opens the context menu of the focused row and chooses from it, by the keyboard alone. */
  async keyboardMenu(item: Text): Promise<void> {
    await this.page.keyboard.press('Shift+F10');
    const menu = this.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: item }).first().waitFor();
    await this.page.waitForTimeout(300);
    const focused = menu.locator('.action-item.focused').getByRole('menuitem', { name: item });
    for (let step = 0; step < 30; step += 1) {
      if ((await focused.count()) > 0) {
        await this.page.keyboard.press('Enter');
        return;
      }
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`The arrow keys did not reach ${item}`);
  }

  /** Opens a menu and clicks an item of it. VS Code closes a menu when the focus moves, as it does when a view is drawn again: then once more. */
  async #chooseFromMenu(open: () => Promise<void>, item: Text): Promise<void> {
    const entry = this.page.locator('.monaco-menu').getByRole('menuitem', { name: item }).first();
    for (let attempt = 1; ; attempt += 1) {
      await open();
      try {
        await entry.waitFor({ timeout: 5_000 });
        // A click in a menu's first moments is lost, and the menu then stays in the way of everything.
        await this.page.waitForTimeout(300);
        await entry.click({ timeout: 5_000 });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Moves the focus to a row without clicking it, as the arrow keys do: a click would run the row's command. */
  async focusRow(name: Text, view: string): Promise<void> {
    const row = this.row(name, view);
    await row.waitFor();
    await this.view(view).locator('.monaco-list').focus();
    await this.page.keyboard.press('Home');
    for (let step = 0; step < 100; step += 1) {
      if ((await row.and(this.page.locator('.focused')).count()) > 0) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`The arrow keys did not reach ${name}`);
  }

  /** Presses a button of a view's welcome content. */
  async pressWelcome(view: string, name: Text): Promise<void> {
    await this.welcome(view).getByRole('button', { name }).click();
  }

  /** A view's welcome content. */
  welcome(view: string): Locator {
    return this.view(view).locator('.welcome-view-content');
  }

  /** Rests the pointer on a row and returns the text of the hover that appears, which begins as the row does. */
  async hoverText(name: Text, view: string): Promise<string> {
    const label = this.row(name, view).locator('.monaco-icon-label');
    const [first = ''] = (await label.innerText()).split(/\s/);
    // The hover of what the pointer was on before may still be there.
    const hover = this.page.locator('.workbench-hover:visible').filter({ hasText: first });
    // A hover goes when the row is drawn anew; then the pointer comes again, as a person's would.
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await label.hover();
      const appeared = await hover.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (appeared) break;
      await this.restPointer();
    }
    // Texts of files come with spaces that do not break.
    return (await hover.innerText()).replaceAll('\u00A0', ' ');
  }

  // Editors.

  /** Opens a file by name or path, as with Ctrl+P. */
  async openFile(path: string): Promise<void> {
    await this.#openQuickInput('Control+P');
    await this.#quickInput().fill(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().click();
    await this.page.locator(`.tab.active[data-resource-name=${JSON.stringify(name)}]`).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Goes to a line of the active editor, counted from 1, so that it is drawn. */
  async goToLine(line: number): Promise<void> {
    await this.#openQuickInput('Control+G');
    await this.type(`:${line}`);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Code lenses that can be seen, by their text. Lines far below must be gone to first. */
  codeLens(text: Text): Locator {
    return this.page.locator('.editor-instance .codelens-decoration a').filter({ hasText: text });
  }

  /** The editor's tab, by the file's name; `.dirty` is on it while there are unsaved changes. */
  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name=${JSON.stringify(name)}]`);
  }

  // Status bar, notifications, dialogs.

  /** A status bar item by its whole id (`publisher.extension.id`); its text is `textContent`. */
  statusBarItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="${id}"]`);
  }

  async clickStatusBarItem(id: string): Promise<void> {
    await this.statusBarItem(id).locator('a').first().click();
  }

  /** A notification with this text, shown as a toast or in the centre. */
  notification(text: Text): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text }).first();
  }

  /** Presses a button of a notification; opens the centre when its toast has gone. */
  async answerNotification(text: Text, button: Text): Promise<void> {
    const shown = this.notification(text);
    const appeared = await shown.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (!appeared) await this.page.locator('[id="status.notifications"] a').click();
    await shown.hover();
    await shown.getByRole('button', { name: button }).first().click();
  }

  /** Clears all notifications. */
  async clearNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
  }

  /** The modal dialog that is open. */
  modal(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async answerModal(button: Text): Promise<void> {
    await this.modal().getByRole('button', { name: button }).first().click();
  }

  /** Trusts the folder, by the Restricted Mode item in the status bar. */
  async trustFolder(): Promise<void> {
    await this.page.locator('[id="status.workspaceTrust"] a').click();
    await this.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await this.page.locator('[id="status.workspaceTrust"]').waitFor({ state: 'hidden' });
    await this.page.keyboard.press('Control+F4').catch(() => {});
  }

  /** Ends all terminals, and with the last one hides the panel. */
  async closeTerminals(): Promise<void> {
    await this.command('Terminal: Kill All Terminals');
    const close = this.page.locator('.panel').getByRole('button', { name: /^Hide Panel/ });
    const panel = this.page.locator('.part.panel');
    const hidden = await panel.waitFor({ state: 'hidden', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!hidden) await close.click();
  }

  // The page.

  /** The content of a webview, by its title. */
  async webview(title: string, timeoutMs = 10_000): Promise<Frame> {
    for (const end = Date.now() + timeoutMs; Date.now() < end; await this.page.waitForTimeout(100)) {
      for (const frame of this.page.frames()) {
        const element = await frame.frameElement().catch(() => undefined);
        if ((await element?.getAttribute('title').catch(() => undefined)) === title) return frame;
      }
    }
    throw new Error(`There is no webview titled "${title}"`);
  }

  /** What VS Code says about an extension that runs (its activation time among it); waits until it runs. */
  async runningExtension(name: string): Promise<string> {
    const before = this.page.viewportSize();
    // The list is ordered by time and draws only what fits.
    await this.page.setViewportSize({ width: before?.width ?? 1400, height: 3_000 });
    await this.command('Developer: Show Running Extensions');
    const row = this.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: name });
    const activated = row.filter({ hasText: /Activation: \d+ms/ });
    await activated.waitFor();
    const text = (await activated.textContent()) ?? '';
    // As users have it, the editor is modal and takes all keys but Escape; else it is one among others.
    const modal = this.page.locator('.monaco-modal-editor-block');
    if (await modal.isVisible()) await this.page.keyboard.press('Escape');
    else await this.command('View: Close Editor');
    await row.first().waitFor({ state: 'hidden' });
    if (before !== null) await this.page.setViewportSize(before);
    return text;
  }

  /** The text of "Developer: Startup Performance", with VS Code's own times of every extension. */
  async startupPerformance(): Promise<string> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.command('Developer: Startup Performance');
    await this.page.locator('.monaco-editor .view-line', { hasText: 'System Info' }).first().waitFor();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('ControlOrMeta+c');
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    await this.command('View: Close Editor');
    return text;
  }

  /** Makes the side bar wider by dragging its edge. */
  async widenSideBar(pixels: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('There is no side bar');
    await this.#drag(box.x + box.width + 1, box.y + box.height / 2, pixels, 0);
  }

  async #drag(x: number, y: number, byX: number, byY: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + byX, y + byY, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Takes the pointer to where it changes nothing, and waits until hovers have gone. */
  async restPointer(): Promise<void> {
    const size = this.page.viewportSize();
    await this.page.mouse.move((size?.width ?? 1400) * 0.7, (size?.height ?? 900) - 45);
    await this.page.locator('.workbench-hover:visible').waitFor({ state: 'detached' });
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /**
   * Keeps a picture: `.vscode-test/screenshots/<name>.png`, or in `BATON_SCREENSHOTS` where that names a folder.
   * With `area` only that part of the window, an element or a rectangle.
   */
  async screenshot(name: string, area?: Locator | Rectangle): Promise<string> {
    const path = join(process.env.BATON_SCREENSHOTS ?? join(cacheDir, 'screenshots'), `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    const options = { path, animations: 'disabled', caret: 'hide' } as const;
    if (area === undefined) await this.page.screenshot(options);
    else if ('screenshot' in area) await area.screenshot(options);
    else await this.page.screenshot({ ...options, clip: area });
    return path;
  }
}
