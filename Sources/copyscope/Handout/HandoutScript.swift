/// What makes the page go: it draws the rows it was given and steps through them.
enum HandoutScript {
  static let text = """
    'use strict';
    const data = JSON.parse(document.getElementById('data').textContent);
    const at = id => document.getElementById(id);
    let lesson = 0, step = 0, wanted = 'screen', asked = 0, waiting = null;
    const ended = new Set();
    const moments = () => data.lessons[lesson].moments;
    const isTold = index => !at('ask').checked || ended.has(index);
    const name = index => isTold(index) ? data.lessons[index].title : 'Lesson ' + (index + 1);
    function rows(view) {
      const screen = at('screen');
      screen.textContent = '';
      const numbers = view.rows.slice();
      if (!isTold(lesson))
        for (let i = 0; i < view.asking.length; i += 2) numbers[view.asking[i]] = view.asking[i + 1];
      for (const number of numbers) {
        const row = data.rows[number];
        for (let i = 0; i < row.length; i += 2) {
          const span = document.createElement('span');
          span.className = 's' + row[i + 1];
          span.textContent = row[i];
          screen.append(span);
        }
        screen.append('\\n');
      }
    }
    const language = () => data.lessons[lesson].language;
    function item(parent, tag, text, lang) {
      const element = document.createElement(tag);
      element.textContent = text;
      if (lang) element.lang = lang;
      parent.append(element);
      return element;
    }
    function heading() {
      data.lessons.forEach((entry, index) => {
        at('lesson').options[index].textContent = (index + 1) + '  ' + name(index);
        at('lesson').options[index].lang = entry.language;
      });
      if (data.lessons.length > 1) return;
      document.title = at('heading').textContent = isTold(0) ? data.lessons[0].title : 'copyscope';
      at('about').textContent = isTold(0) ? data.lessons[0].about : '';
      at('heading').lang = at('about').lang = language();
    }
    function draw() {
      const moment = moments()[step];
      const last = step === moments().length - 1;
      if (last) ended.add(lesson);
      heading();
      const view = moment.views.find(v => v.name === wanted) || moment.views[0];
      rows(view);
      at('view').textContent = '';
      for (const v of moment.views) item(at('view'), 'option', v.name);
      at('view').value = view.name;
      at('place').textContent = 'step ' + step + ' of ' + (moments().length - 1);
      at('screen').setAttribute('aria-label',
        name(lesson) + ', step ' + step + ', ' + view.name);
      at('lines').textContent = '';
      if (step === 0 && isTold(lesson)) item(at('lines'), 'li', data.lessons[lesson].about, language());
      if (step === 0 && !isTold(lesson))
        item(at('lines'), 'li', 'Nothing has happened yet. What the lesson is about is told at its end.');
      // What is said is set in by two blanks, what happened by more or with a dash.
      for (const line of moment.lines)
        item(at('lines'), 'li', line.trim(), /^ {2}[^ -]/.test(line) ? language() : '');
      if (last && data.lessons[lesson].remember)
        item(at('lines'), 'li', 'Remember: ' + data.lessons[lesson].remember, language());
      if (last && data.lessons[lesson].source)
        item(at('lines'), 'li', 'Source: ' + data.lessons[lesson].source);
      at('back').disabled = at('first').disabled = step === 0;
      at('next').disabled = last && lesson === data.lessons.length - 1;
      at('lesson').value = String(lesson);
      exercises(last);
      history.replaceState(null, '', '#' + (lesson + 1) + '/' + step);
    }
    function exercises(shown) {
      const section = at('exercises');
      section.textContent = '';
      if (!shown) return;
      data.lessons[lesson].exercises.forEach((exercise, index) => {
        item(section, 'h2', 'Exercise ' + (index + 1));
        item(section, 'p', exercise.ask, language());
        const list = item(section, 'ul', '');
        for (const line of exercise.conditions) item(list, 'li', line);
        const more = (title, lines) => {
          if (lines.length === 0) return;
          const details = item(section, 'details', '');
          item(details, 'summary', title);
          for (const [line, lang] of lines) item(details, 'p', line, lang);
        };
        const said = lines => lines.map(line => [line, language()]);
        more('Hints', said(exercise.hints));
        more('Solution', exercise.solution.map(line => [line]).concat(said(exercise.because ? [exercise.because] : [])));
      });
    }
    function ask(questions) {
      const question = questions[asked];
      at('asked').textContent = 'What will happen? ' + question.words;
      at('choices').textContent = '';
      question.choices.forEach((choice, index) => {
        const button = item(at('choices'), 'button', (index + 1) + '  ' + choice);
        button.type = 'button';
        button.addEventListener('click', () => answer(index));
      });
      at('question').hidden = false;
      at('choices').firstChild.focus();
    }
    function answer(index) {
      const question = waiting[asked];
      if (!question || index >= question.choices.length) return;
      const right = index === question.right;
      at('answer').textContent += (right ? 'Right: ' : 'No: ') + question.choices[question.right] + '. ';
      asked += 1;
      if (asked < waiting.length) return ask(waiting);
      enter(step + 1, true);
    }
    function enter(target, keepsAnswer) {
      waiting = null;
      asked = 0;
      at('question').hidden = true;
      if (!keepsAnswer) at('answer').textContent = '';
      step = Math.max(0, Math.min(target, moments().length - 1));
      draw();
      if (keepsAnswer) at('next').focus();
    }
    function next() {
      if (waiting) return enter(step + 1);
      if (step === moments().length - 1) {
        if (lesson + 1 < data.lessons.length) open(lesson + 1);
        return;
      }
      const questions = moments()[step + 1].questions;
      at('answer').textContent = '';
      if (!at('ask').checked || questions.length === 0) return enter(step + 1);
      waiting = questions;
      asked = 0;
      ask(questions);
    }
    function open(index) {
      lesson = index;
      enter(0);
    }
    data.lessons.forEach((entry, index) => {
      item(at('lesson'), 'option', '').value = String(index);
    });
    at('ask').addEventListener('change', () => { waiting = null; at('question').hidden = true; draw(); });
    at('lesson').addEventListener('change', event => open(Number(event.target.value)));
    at('view').addEventListener('change', event => { wanted = event.target.value; draw(); });
    at('first').addEventListener('click', () => enter(0));
    at('back').addEventListener('click', () => enter(waiting ? step : step - 1));
    at('next').addEventListener('click', next);
    at('scheme').addEventListener('click', () => {
      const root = document.documentElement;
      root.dataset.scheme = root.dataset.scheme === 'dark' ? 'light' : 'dark';
    });
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target.tagName === 'SELECT') return;
      if (event.key === 'ArrowRight' || event.key === 'n') next();
      else if (event.key === 'ArrowLeft' || event.key === 'p') enter(waiting ? step : step - 1);
      else if (event.key === 'Home') enter(0);
      else if (event.key === 'End') enter(moments().length - 1);
      else if (waiting && event.key >= '1' && event.key <= '9') answer(Number(event.key) - 1);
      else return;
      event.preventDefault();
    });
    let touch = null;
    document.addEventListener('touchstart', event => { touch = event.changedTouches[0]; }, { passive: true });
    document.addEventListener('touchend', event => {
      const end = event.changedTouches[0];
      if (!touch) return;
      const across = end.clientX - touch.clientX, down = end.clientY - touch.clientY;
      touch = null;
      if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(down)) return;
      if (across < 0) next(); else enter(waiting ? step : step - 1);
    }, { passive: true });
    if (matchMedia('(prefers-color-scheme: dark)').matches)
      document.documentElement.dataset.scheme = 'dark';
    const [id, number] = decodeURIComponent(location.hash.slice(1)).split('/');
    const named = data.lessons.findIndex(entry => entry.id === id);
    lesson = named >= 0 ? named : Math.max(0, Math.min(data.lessons.length, Number(id) || 1) - 1);
    enter(Number(number) || 0);
    """
}
