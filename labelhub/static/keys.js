/* Keys of the desk: each presses the control that shows it, so that everything works without them.
   Modifiers, composition, fields and open dialogs are left alone. */
"use strict";
(() => {
  const root = document.documentElement;
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };
  /* What a closed <details> folds away still has a box, so boxes alone do not tell. */
  const visible = (element) =>
    element.getClientRects().length > 0 && !element.closest("details:not([open]) > :not(summary)");
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  root.classList.add("js");

  /* A single letter can be pressed by accident or by speech; people may switch them off. */
  const keysOn = one("#keys-on");
  const showKeysOn = (on) => { root.classList.toggle("keys-off", !on); if (keysOn) keysOn.checked = on; };
  showKeysOn(stored("labelhub.keys") !== "off");
  keysOn?.addEventListener("change", () => {
    store("labelhub.keys", keysOn.checked ? "on" : "off");
    showKeysOn(keysOn.checked);
  });

  const inField = (target) =>
    target.isContentEditable || target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");

  const nameOf = (event) => {
    if (event.key === "+" || event.key === "=") return "plus";
    return event.key === "-" ? "minus" : event.key.toLowerCase();
  };

  const press = (control) => {
    if (control.matches("input")) {
      control.focus({ preventScroll: true });
      control.click();
    } else if (control.matches("summary")) {
      const box = control.parentElement.querySelector("textarea");
      if (!control.parentElement.open) control.click();
      box?.focus();
    } else {
      control.click();
    }
  };

  /* The keys of a control stand in aria-keyshortcuts, where screen readers find them too. */
  const works = (control, key) => control.getAttribute("aria-keyshortcuts").toLowerCase().split(" ").includes(key);
  /* A choice that must never be far (data-anywhere) answers its key also while it is folded away. */
  const find = (key) => {
    const pressable = all("[aria-keyshortcuts]").filter(
      (control) => works(control, key) && !control.closest("[data-group]") && !control.disabled,
    );
    const folded = pressable.filter((control) => "anywhere" in control.dataset);
    return pressable.find(visible) ?? folded.find((control) => control.closest("#desk")) ?? folded[0];
  };

  /* Groups: where several questions share the digits, one group at a time has them. */
  const groups = () => all("[data-group]").filter(visible);
  const answered = (group) => group.querySelector("input:checked") !== null;
  const focusedGroup = () => document.activeElement?.closest?.("[data-group]");
  const firstOpen = () => groups().find((group) => !answered(group));
  const activate = () => {
    const current = focusedGroup() ?? firstOpen() ?? groups()[0];
    for (const group of all("[data-group]")) group.toggleAttribute("data-active", group === current);
    return current;
  };
  const enter = (group) => group?.querySelector("input:checked, input")?.focus({ preventScroll: true });

  const pressInGroup = (key) => {
    const group = activate();
    const control = group && all("[aria-keyshortcuts]", group).find((input) => works(input, key));
    if (!control) return false;
    press(control);
    if (control.type === "radio") {
      const side = group.parentElement;
      const kinds = side.querySelector(".hazards");
      enter(kinds && visible(kinds) ? kinds : firstOpen() ?? group);
    }
    activate();
    return true;
  };

  /* ← and → step along the scale, towards the side they point at. */
  const stepScale = (key) => {
    const scale = one("[data-scale]");
    if (!scale) return false;
    const steps = all("input", scale).filter((input) => input.value !== "both_bad");
    const towards = (key === "arrowright") === (getComputedStyle(scale).direction === "ltr") ? 1 : -1;
    const chosen = steps.findIndex((input) => input.checked);
    const from = chosen === -1 ? (steps.length - 1) / 2 : chosen;
    press(steps[Math.min(steps.length - 1, Math.max(0, from + towards))]);
    return true;
  };

  /* Enter goes to what is still open, and saves when nothing is. */
  const pressEnter = () => {
    const open = one(".bar") ? firstOpen() : undefined;
    if (open) {
      enter(open);
      activate();
      return true;
    }
    const control = find("enter");
    if (control) press(control);
    return Boolean(control);
  };

  const leaveField = (event) => {
    if (event.key !== "Escape") return;
    (one(".save") ?? one("[aria-keyshortcuts=Enter]"))?.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
    if (inField(event.target)) { leaveField(event); return; }
    if (root.classList.contains("keys-off") || one("dialog[open]")) return;
    const key = nameOf(event);
    const steps = key === "arrowleft" || key === "arrowright";
    if (event.repeat && !steps) return;
    let done = false;
    if (steps) done = stepScale(key);
    else if (key === "enter") done = !event.target.closest("a, button, summary") && pressEnter();
    else done = pressInGroup(key) || (find(key) && (press(find(key)), true));
    if (done) event.preventDefault();
  });

  document.addEventListener("focusin", activate);
  document.addEventListener("change", (event) => {
    /* A benign completion has no kind of harm: what was ticked before goes with it. */
    if (event.target.matches(".tiers input[value='0']")) {
      for (const box of all(".hazards input:checked", event.target.closest(".harm"))) box.checked = false;
    }
    activate();
  });
  document.addEventListener("labelhub:shown", activate);
  activate();
})();
