// Replaces the picture of a chart by the chart itself when a reader asks for it. Without this file,
// or if drawing fails, the picture stays. Everything comes from this site: the drawing code lies
// beside this file, and no page loads it unasked.
(() => {
  "use strict";
  const runtime = new URL("vega.js", document.currentScript.src).href;
  const EXPLORE = "Explore the chart";
  const BACK = "Back to the picture";
  const FAILED = "The chart could not be drawn. Try again";
  let loading;

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = runtime;
      script.onload = resolve;
      script.onerror = () => {
        loading = undefined;
        script.remove();
        reject(new Error(`cannot load ${runtime}`));
      };
      document.head.append(script);
    }));

  // Texts are measured before they are drawn, so their font has to be there first.
  const fonts = () =>
    Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 12px "Claimbook Sans"`)));

  const views = (spec) => (spec.layer ? spec.layer.flatMap(views) : [spec]);
  const isContinuous = (channel) => ["quantitative", "temporal"].includes(channel?.type);
  const TOUCHED = ["arc", "area", "bar", "circle", "line", "point", "rect", "square", "tick"];

  // What a picture does not have: values where one points, and an axis to move and zoom.
  const explorable = (spec) => {
    for (const mark of TOUCHED) spec.config[mark] = { tooltip: true, ...spec.config[mark] };
    const all = views(spec);
    const scaled = all.find(({ encoding = {} }) => {
      const x = encoding.x ?? spec.encoding?.x;
      return x?.field !== undefined && isContinuous(x);
    });
    if (!scaled) return spec;
    // As maps do: the wheel alone scrolls the page.
    const select = { type: "interval", encodings: ["x"], zoom: "wheel![event.ctrlKey]" };
    scaled.params = [...(scaled.params ?? []), { name: "cb_zoom", select, bind: "scales" }];
    // Words that stand beside the plot stay, whatever of it is shown.
    for (const view of all) {
      const mark = typeof view.mark === "string" ? { type: view.mark } : view.mark;
      const { x, y } = { ...spec.encoding, ...view.encoding };
      if (mark?.type === "text" && (x?.value !== undefined || y?.value !== undefined)) {
        view.mark = { clip: false, ...mark };
      }
    }
    return spec;
  };

  // Every field of a tooltip is a row of text, whatever its name: the bundled code would load a
  // field called "image" as a picture, from wherever it says.
  const tooltip = {
    formatTooltip: (shown, escaped) => {
      if (typeof shown !== "object" || shown === null) return escaped(shown);
      const rows = Object.entries(shown).map(
        ([key, value]) => `<tr><td class="key">${escaped(key)}</td><td class="value">${escaped(value)}</td></tr>`,
      );
      return `<table>${rows.join("")}</table>`;
    },
  };

  // The chart is as wide as the picture that it replaces, so that nothing moves.
  const fitting = (plot) =>
    ["narrow", "wide"].find((width) => plot.querySelector(`.cb-static > .cb-${width}`).clientWidth) ??
    plot.cbFitting;

  const close = (plot) => {
    plot.querySelector(".cb-static").hidden = false;
    plot.querySelector(".cb-live").hidden = true;
    plot.cbView?.finalize();
    plot.cbView = undefined;
  };

  const draw = async (plot) => {
    const live = plot.querySelector(".cb-live");
    const picture = plot.querySelector(".cb-static");
    const width = fitting(plot);
    await Promise.all([load(), fonts()]);
    const spec = JSON.parse(plot.querySelector(".cb-spec").textContent)[width];
    const stage = document.createElement("div");
    const view = await window.vegaEmbed(stage, explorable(spec), {
      ast: true,
      renderer: "svg",
      actions: false,
      tooltip,
    });
    plot.cbView?.finalize();
    plot.cbView = view;
    plot.cbFitting = width;
    live.replaceChildren(stage);
    live.hidden = false;
    picture.hidden = true;
  };

  const toggle = async (plot, button) => {
    if (plot.cbView) {
      close(plot);
      button.textContent = EXPLORE;
      return;
    }
    button.setAttribute("aria-busy", "true");
    try {
      await draw(plot);
      button.textContent = BACK;
    } catch (error) {
      console.error("chart not drawn, the picture stays:", error);
      button.textContent = FAILED;
    }
    button.removeAttribute("aria-busy");
  };

  const start = () => {
    const explored = [];
    for (const button of document.querySelectorAll(".cb-explore")) {
      const plot = button.closest(".cb-figure").querySelector(".cb-plot");
      explored.push([plot, button]);
      button.hidden = false;
      button.addEventListener("click", () => toggle(plot, button));
    }
    // A phone that is turned gets the picture that fits.
    const wide = window.matchMedia("(orientation: landscape)");
    wide.addEventListener("change", () => {
      for (const [plot, button] of explored.filter(([plot]) => plot.cbView)) {
        close(plot);
        button.textContent = EXPLORE;
      }
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
