// Dashboards of Raise3D printers. The integration makes them, of Home Assistant's own cards:
// this module only asks for them.

const DOMAIN = "raise3d";
const CARD = "raise3d-printer";
const DOCUMENTATION = "https://github.com/seed-4884292a/hass-raise3d/blob/main/docs/dashboards.md";
const DEVICE = {
  name: "device_id",
  required: true,
  selector: { device: { filter: [{ integration: DOMAIN }] } },
};

const fetchCards = (hass, options) =>
  hass.callWS({ type: `${DOMAIN}/dashboard`, language: hass.language, ...options });

// The printer that prints, or any.
const choosePrinter = (hass) => {
  const entities = Object.values(hass.entities).filter(({ platform }) => platform === DOMAIN);
  const prints = ({ entity_id, translation_key }) =>
    translation_key === "status" && hass.states[entity_id]?.state === "printing";
  return (entities.find(prints) ?? entities[0])?.device_id ?? "";
};

const translate = async (hass) => {
  const localize = await hass.loadBackendTranslation("config_panel", DOMAIN);
  return (key) => localize(`component.${DOMAIN}.config_panel.card.${key}`);
};

class Strategy extends HTMLElement {
  static registryDependencies = ["entities", "devices", "language"];
}

class Dashboard extends Strategy {
  static noEditor = true;
  static getCreateSuggestions = () => ({ title: "Raise3D", icon: "mdi:printer-3d" });
  static generate = (config, hass) => fetchCards(hass);
}

class Section extends Strategy {
  static getStubConfig = (hass) => ({ type: `custom:${DOMAIN}`, device_id: choosePrinter(hass) });
  static getConfigElement = () => document.createElement("raise3d-section-editor");
  static generate = (config, hass) =>
    fetchCards(hass, { device_id: config.device_id ?? choosePrinter(hass) });
}

class SectionEditor extends HTMLElement {
  setConfig(config) {
    this._config = config;
    this._update();
  }

  set hass(hass) {
    this._hass = hass;
    this._update();
  }

  async _update() {
    const { _config: data, _hass: hass } = this;
    if (!data || !hass) return;
    this._label ??= translate(hass);
    const label = await this._label;
    if (!this.firstChild) {
      const form = document.createElement("ha-form");
      form.addEventListener("value-changed", (event) => {
        event.stopPropagation();
        const detail = { config: { ...this._config, ...event.detail.value } };
        this.dispatchEvent(new CustomEvent("config-changed", { detail }));
      });
      this.append(form);
    }
    const computeLabel = ({ name }) => label(name);
    Object.assign(this.firstChild, { hass, data, computeLabel, schema: [DEVICE] });
  }
}

class PrinterCard extends HTMLElement {
  static getStubConfig = (hass) => ({ device_id: choosePrinter(hass), size: "normal" });

  static async getConfigForm() {
    const label = await translate(document.querySelector("home-assistant").hass);
    const options = ["normal", "compact"].map((value) => ({ value, label: label(value) }));
    const size = { name: "size", selector: { select: { mode: "dropdown", options } } };
    return { schema: [DEVICE, size], computeLabel: ({ name }) => label(name) };
  }

  setConfig(config) {
    this._config = config;
    this.style.display = "block";
    this._update();
  }

  set hass(hass) {
    const before = this._hass;
    this._hass = hass;
    if (this._card) this._card.hass = hass;
    const same = (key) => before?.[key] === hass[key];
    if (!["entities", "devices", "language"].every(same)) this._update();
  }

  getCardSize() {
    return this._config?.size === "compact" ? 1 : 8;
  }

  getGridOptions() {
    return { columns: this._config?.size === "compact" ? 6 : 12, min_columns: 6 };
  }

  async _update() {
    const { _config: config, _hass: hass } = this;
    if (!config || !hass) return;
    const { device_id = choosePrinter(hass), size = "normal" } = config;
    const inner = await fetchCards(hass, { device_id, size }).catch(({ message }) => ({
      type: "error",
      error: message,
    }));
    const { createCardElement } = await window.loadCardHelpers();
    const content = JSON.stringify(inner);
    if (config !== this._config || content === this._content) return;
    this._content = content;
    this._card = createCardElement(inner);
    this._card.hass = this._hass;
    this.replaceChildren(this._card);
  }
}

const offer = (list, entry) =>
  (window[list] ??= []).push({ name: "Raise3D", documentationURL: DOCUMENTATION, ...entry });
offer("customStrategies", { type: DOMAIN, strategyType: "dashboard" });
offer("customStrategies", { type: DOMAIN, strategyType: "section" });
offer("customCards", {
  type: CARD,
  preview: true,
  getEntitySuggestion: (hass, entityId) => {
    const { platform, device_id } = hass.entities[entityId] ?? {};
    return platform === DOMAIN ? { config: { type: `custom:${CARD}`, device_id } } : null;
  },
});

// Home Assistant 2026.10 swaps the registry of elements while it starts, and loses what was
// defined before.
customElements.whenDefined("home-assistant").then(() => {
  const define = (tag, element) => customElements.get(tag) || customElements.define(tag, element);
  define(`ll-strategy-dashboard-${DOMAIN}`, Dashboard);
  define(`ll-strategy-section-${DOMAIN}`, Section);
  define("raise3d-section-editor", SectionEditor);
  define(CARD, PrinterCard);
});
