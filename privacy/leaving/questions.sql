-- Ten questions to this export. :day and :course are given by restore.py; the tables are explained in README.txt.
-- Questions about how far people are answer for the day of the export, the others for any day.

-- question: who-counts
-- How many people count on a day, by unit as it was called then
WITH terms AS (
  SELECT e.person_id, t.unit_id, e.starts_on AS employed_on, e.id, t.is_main, t.starts_on, t.ends_on,
    CASE
      WHEN t.ends_on < :day THEN 'left'
      WHEN t.starts_on > :day THEN 'not-started-yet'
      WHEN t.kind = 'agency' THEN 'agency'
      WHEN t.kind = 'elected-member' THEN 'elected-member'
      WHEN EXISTS (SELECT 1 FROM employment_absence a WHERE a.employment_id = e.id AND a.starts_on <= :day
                   AND (a.ends_on IS NULL OR a.ends_on >= :day)) THEN 'away'
    END AS left_out
  FROM employment e JOIN employment_terms t ON t.employment_id = e.id
), jobs AS (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY person_id
    ORDER BY left_out IS NOT NULL,
      CASE WHEN ends_on < :day THEN 1 WHEN starts_on > :day THEN 2 ELSE 0 END,
      CASE WHEN ends_on < :day THEN ends_on END DESC,
      CASE WHEN starts_on > :day THEN starts_on END,
      is_main DESC, employed_on, id
  ) AS place
  FROM terms
)
SELECT COALESCE(p.path, u.path) AS unit, COUNT(*) AS people
FROM jobs j JOIN unit u ON u.id = j.unit_id
LEFT JOIN unit_period p ON p.unit_id = u.id AND p.starts_on <= :day AND (p.ends_on IS NULL OR p.ends_on >= :day)
WHERE j.place = 1 AND j.left_out IS NULL
GROUP BY u.id ORDER BY unit;

-- question: finished-by-unit
-- How many people count for a course and how many of them have finished, begun and not begun, by unit
SELECT COALESCE(p.path, u.path) AS unit, COUNT(*) AS people, SUM(s.has_finished) AS finished,
  SUM(NOT s.has_finished AND s.has_begun) AS begun, SUM(NOT s.has_finished AND NOT s.has_begun) AS not_begun
FROM standing s JOIN course c ON c.id = s.course_id AND c.slug = :course JOIN unit u ON u.id = s.unit_id
LEFT JOIN unit_period p ON p.unit_id = u.id AND p.starts_on <= s.on_day AND (p.ends_on IS NULL OR p.ends_on >= s.on_day)
WHERE s.left_out IS NULL
GROUP BY u.id ORDER BY unit;

-- question: finished-by-grade
-- The same by grade
SELECT COALESCE(NULLIF(s.grade, ''), '-') AS grade, COUNT(*) AS people, SUM(s.has_finished) AS finished
FROM standing s JOIN course c ON c.id = s.course_id AND c.slug = :course
WHERE s.left_out IS NULL
GROUP BY 1 ORDER BY 1;

-- question: finished-altogether
-- The same for the whole authority
SELECT COUNT(*) AS people, COALESCE(SUM(s.has_finished), 0) AS finished
FROM standing s JOIN course c ON c.id = s.course_id AND c.slug = :course
WHERE s.left_out IS NULL;

-- question: left-out
-- Who is left out of these figures, by reason
SELECT s.left_out AS reason, COUNT(*) AS people
FROM standing s JOIN course c ON c.id = s.course_id AND c.slug = :course
WHERE s.left_out IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- question: late
-- Who is past their date
SELECT p.id AS person, p.chosen_name AS name, u.path AS unit, d.due_on
FROM due d JOIN course c ON c.id = d.course_id AND c.slug = :course
JOIN standing s ON s.person_id = d.person_id AND s.course_id = d.course_id AND s.left_out IS NULL AND s.has_finished = 0
JOIN person p ON p.id = d.person_id JOIN unit u ON u.id = s.unit_id
WHERE d.is_late = 1
ORDER BY p.id;

-- question: certificates-that-stand
-- Which certificates stand: the newest of each completion, not revoked, of a completion that was not withdrawn
SELECT t.number, t.holder_name, t.course_title, t.completed_on
FROM certificate t
WHERE NOT EXISTS (SELECT 1 FROM certificate n WHERE n.completion_id = t.completion_id AND n.edition > t.edition)
  AND COALESCE((SELECT e.kind FROM certificate_event e WHERE e.certificate_id = t.id ORDER BY e.id DESC LIMIT 1), '')
    <> 'revoked'
  AND COALESCE((SELECT e.kind FROM completion_event e WHERE e.completion_id = t.completion_id ORDER BY e.id DESC
    LIMIT 1), '') <> 'withdrawn'
ORDER BY t.number;

-- question: exempt
-- Who is exempt from a course on a day
SELECT DISTINCT x.person_id AS person, x.reason
FROM exemption x JOIN course c ON c.id = x.course_id AND c.slug = :course
WHERE x.starts_on <= :day AND x.ends_on >= :day
  AND NOT EXISTS (SELECT 1 FROM exemption_end n WHERE n.exemption_id = x.id AND n.from_on <= :day)
ORDER BY x.person_id, x.reason;

-- question: completed-by-course
-- How many completions stand, by course and version
SELECT c.slug AS course, v.number AS version, COUNT(*) AS completions, COUNT(DISTINCT m.person_id) AS people
FROM completion m JOIN course c ON c.id = m.course_id JOIN course_version v ON v.id = m.course_version_id
WHERE COALESCE((SELECT e.kind FROM completion_event e WHERE e.completion_id = m.id ORDER BY e.id DESC LIMIT 1), '')
  <> 'withdrawn'
GROUP BY c.id, v.id ORDER BY course, version;

-- question: published
-- Which figures were published, and of which day
SELECT f.number, json_extract(f.definition, '$.course') AS course, json_extract(f.definition, '$.on') AS day
FROM published_figure f
ORDER BY f.published_at, f.id;
