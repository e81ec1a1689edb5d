-- One row for each figure: as printed, where, and in which document.
CREATE VIEW each_figure AS
SELECT f.figure_id, f.programme_id, p.label AS programme, p.label_zh AS programme_zh,
       f.printed, f.value, f.value_to, f.unit, f.qualifier, f.period, f.basis, f.status, f.year, f.year_basis,
       f.subject, f.subject_zh, f.theme, f.source_id, s.title, s.title_en, s.publisher, s.published,
       f.paragraph, f.start, f."end", s.sha256,
       (SELECT count(*) FROM estimate_figures AS x WHERE x.figure_id = f.figure_id) AS n_estimates
FROM figures AS f
JOIN sources AS s ON s.source_id = f.source_id
JOIN programmes AS p ON p.programme_id = f.programme_id;

-- One row for each programme, measure and dimensions: its default value, its span over readings, what it hangs on.
CREATE VIEW each_estimate AS
SELECT s.span_id, s.estimate_id, e.programme_id, p.label AS programme, p.label_zh AS programme_zh, p.admin_level,
       e.theme, e.measure, e.object, e.works, e.funder, e.place, e.post, e.stage,
       e.value, s.low, s.high, e.unit, e.year, e.year_basis, s.status, s.n_readings, s.n_values,
       e.absence, e.reason,
       (SELECT group_concat(choice_id, ' ') FROM (
          SELECT DISTINCT r.choice_id FROM estimate_readings AS r
          JOIN estimates AS o ON o.estimate_id = r.estimate_id
          WHERE o.span_id = s.span_id ORDER BY r.choice_id)) AS choices,
       (SELECT group_concat(printed, '; ') FROM (
          SELECT f.printed FROM estimate_figures AS x JOIN figures AS f ON f.figure_id = x.figure_id
          WHERE x.estimate_id = e.estimate_id ORDER BY x.position)) AS printed
FROM spans AS s
JOIN estimates AS e ON e.estimate_id = s.estimate_id
JOIN programmes AS p ON p.programme_id = e.programme_id;

-- One row for each open question that touches a value, and for each answer: what the value is then.
CREATE VIEW each_reading AS
SELECT e.span_id, e.programme_id, e.theme, e.measure, e.object, e.works, e.funder, e.place, e.post, e.stage,
       r.choice_id, c.question, c.question_zh, r.reading, a.label AS answer, a.is_default, a.feasible,
       e.value AS in_reading, e.unit, e.absence
FROM estimates AS e
JOIN estimate_readings AS r ON r.estimate_id = e.estimate_id
JOIN choices AS c ON c.choice_id = r.choice_id
JOIN readings AS a ON a.choice_id = r.choice_id AND a.reading = r.reading;

-- One row for each place in each comparison, in its order, with how firmly it stands.
CREATE VIEW each_comparison AS
SELECT c.comparison_id, c.theme, c.measure, c.object, c.works, c.funder, c.place, c.post, c.stage,
       i.position, i.programme_id, p.label AS programme, p.label_zh AS programme_zh, p.admin_level,
       i.value, i.low, i.high, c.unit, c.price_basis, i.rank, i.best_rank, i.worst_rank,
       i.higher_than_next, i.of_readings, i.margin, i.status, i.year, c.definitions, c.differences, i.figure_ids
FROM comparisons AS c
JOIN comparison_items AS i ON i.comparison_id = c.comparison_id
JOIN programmes AS p ON p.programme_id = i.programme_id;
