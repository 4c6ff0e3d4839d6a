"""The lessons in a real browser: JupyterLab is started, Chromium opens a lesson, Run All runs it.

Chromium comes from the system, Playwright only drives it. The notebooks are a copy, the settings private.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import closing, contextmanager

import pytest

from tools import form, lessons
from tools.notebook import Lesson, Tags, data, joined

pytestmark = pytest.mark.lessons

LESSONS = lessons.standing()
WITH_SLIDERS = {"03", "04", "05", "06", "08", "09", "10", "11", "12", "13", "16", "17"}
LIMIT = 180_000  # milliseconds, for a lesson to run through: twice the budget of the longest
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
SETTINGS = {  # all cells in the page at once, so that all can be looked at
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"  # shown in the place of the HTML beside it
PAGE_CONFIG = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


def chromium():
    """The path of a Chromium or Chrome. Without one: a failure in CI, a skip for everybody else."""
    wanted = [os.environ["LSTM_LIB_CHROMIUM"]] if "LSTM_LIB_CHROMIUM" in os.environ else PLACES
    if found := next(filter(None, map(shutil.which, wanted)), None):
        return found
    reason = (
        "no Chromium found: install one (sudo apt install chromium) or give its path in LSTM_LIB_CHROMIUM"
    )
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def free_port():
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


@contextmanager
def jupyterlab(notebooks, private):
    """Serve a folder in JupyterLab; gives an address in which `{}` stands for the name of a notebook."""
    for name, value in SETTINGS.items():
        write_json(private / "settings" / name, value)
    write_json(private / "config" / "labconfig" / "page_config.json", PAGE_CONFIG)
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={notebooks}"]
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    folders |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    with lessons.quiet_room() as environment, (private / "log").open("w+", encoding="utf-8") as log:
        environment |= {key: str(private / folder) for key, folder in folders.items()}
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for_server(server, f"http://127.0.0.1:{port}/api/status?token={token}", private / "log")
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?reset&token={token}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for_server(server, address, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


# --- looking at a page -----------------------------------------------------------------------------------

PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(e => e.textContent.trim())"
ERRORS = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
# Ready when every cell has a number, or when one has failed, which stops the others. A collapsed cell has no prompt.
RAN = f'() => {PROMPTS}.every(p => /^\\[\\d+\\]:$/.test(p)) || document.querySelector("{ERRORS}") !== null'
CLEARED = f"() => {PROMPTS}.every(p => p === '[ ]:')"
PICTURES = "[...document.querySelectorAll('.jp-OutputArea-output img')]"
# What is left of the prose when typeset mathematics and code are taken out.
PLAIN_PROSE = """() => [...document.querySelectorAll('.jp-RenderedMarkdown')].map(e => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll('mjx-container, code, pre').forEach(x => x.remove());
    return copy.textContent; }).join('\\n')"""
TYPESET = f"() => !({PLAIN_PROSE})().includes('$')"
# Everything that is drawn, or written in a log, below the same cell as a slider.
DRAWN = """handle => [...handle.closest('.jp-Cell-outputArea').querySelectorAll('img, svg, canvas, pre[role=log]')]
    .map(e => e.tagName === 'IMG' ? e.src : e.tagName === 'CANVAS' ? e.toDataURL() : e.outerHTML).join()"""


def open_lesson(page, address):
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    wait_for_idle(page)


def wait_for_idle(page):
    """Wait for the status bar: the notebook's own sign of idleness is early, and Run All is then dropped."""
    page.locator("#jp-main-statusbar").get_by_text("| Idle").first.wait_for(timeout=LIMIT)


def menu(page, name, command):
    page.locator(".lm-MenuBar-item", has_text=name).first.click()
    page.locator(f'.lm-Menu-item[data-command="{command}"]').click()


def run_all(page):
    """Clear what was saved, so that what is seen comes from this run, and run every cell."""
    menu(page, "Edit", "editmenu:clear-all")
    page.wait_for_function(CLEARED)
    menu(page, "Run", "runmenu:run-all")
    page.wait_for_function(RAN, timeout=LIMIT)
    wait_for_idle(page)


def saved(page, path):
    """The notebook as JupyterLab saves it now."""
    with page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
        menu(page, "File", "docmanager:save")
    return Lesson.read(path)


def press(handle):
    """Move a slider one step by the keyboard."""
    handle.focus()
    at_the_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    handle.press("ArrowLeft" if at_the_end else "ArrowRight")


# --- the tests -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    path = chromium()
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """A copy of the notebooks, and the address of a JupyterLab over it."""
    folder = tmp_path_factory.mktemp("lab")
    notebooks = shutil.copytree(lessons.NOTEBOOKS, folder / "notebooks")
    (folder / "private").mkdir()
    with jupyterlab(notebooks, folder / "private") as address:
        yield notebooks, address


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def ran(request, browser, lab):
    """A lesson after Run All as JupyterLab saved it, the page, and the addresses that the page asked for."""
    notebooks, address = lab
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    asked = []
    page.on("request", lambda r: asked.append(r.url))
    open_lesson(page, address.format(request.param.name))
    run_all(page)
    yield saved(page, notebooks / request.param.name), page, asked
    page.close()


def test_run_all_runs_every_cell_without_an_error(ran):
    lesson, page, _ = ran
    assert page.locator(ERRORS).all_text_contents() == []
    assert list(form.executed(lesson)) == []


def test_every_figure_is_shown_with_its_alt_text(ran):
    lesson, page, _ = ran
    bundles = [bundle for _, cell in lesson.code for bundle in data(cell) if WIDGET not in bundle]
    alts = [i["alt"] for bundle in bundles for i in Tags(joined(bundle.get("text/html", ""))).images]
    page.wait_for_function(f"() => {PICTURES}.every(i => i.complete && i.naturalWidth > 0)")
    shown = page.evaluate(f"{PICTURES}.map(i => i.alt)")
    assert Counter(alts) <= Counter(shown)  # widgets show more of them


def test_mathematics_is_typeset(ran):
    lesson, page, _ = ran
    page.wait_for_function(TYPESET)
    assert page.locator("mjx-merror, [data-mjx-error]").all_text_contents() == []
    if any("$" in words for _, words in lesson.prose):
        assert page.locator("mjx-container").count() > 0


def test_the_page_needs_nothing_from_outside(ran):
    _, _, asked = ran
    assert asked
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


def test_a_slider_changes_the_picture(ran):
    lesson, page, _ = ran
    handles = page.locator(".jp-OutputArea .noUi-handle").all()
    assert handles or lesson.number not in WITH_SLIDERS, "this lesson has a widget with sliders"
    for handle in handles:
        before = handle.evaluate(DRAWN)
        press(handle)
        page.wait_for_function(
            f"([handle, before]) => ({DRAWN})(handle) !== before", arg=[handle.element_handle(), before]
        )
