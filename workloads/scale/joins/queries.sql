-- Join-heavy statements over the archive: thirty-three shapes, each with two to six sets of conditions.

-- name: j01a
SELECT min(r.title) AS r_title,
       min(r.recorded) AS r_recorded,
       min(re.note) AS re_note
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_rank AS rr, info_kind AS kr
WHERE ek.name = 'orchestra'
  AND kr.name = 'rank of the year'
  AND rr.value = '7'
  AND re.note LIKE '%(co-production)%'
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = re.recording_id;

-- name: j01b
SELECT min(r.title) AS r_title,
       min(r.recorded) AS r_recorded,
       min(re.note) AS re_note
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_rank AS rr, info_kind AS kr
WHERE ek.name = 'orchestra'
  AND kr.name = 'rank of the year'
  AND rr.value = '1'
  AND r.recorded BETWEEN 2005 AND 2010
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = re.recording_id;

-- name: j01c
SELECT min(r.title) AS r_title,
       min(r.recorded) AS r_recorded,
       min(re.note) AS re_note
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_rank AS rr, info_kind AS kr
WHERE ek.name = 'orchestra'
  AND kr.name = 'plays'
  AND rr.value < '0200000'
  AND r.recorded > 2010
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = re.recording_id;

-- name: j01d
SELECT min(r.title) AS r_title,
       min(r.recorded) AS r_recorded,
       min(re.note) AS re_note
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_rank AS rr, info_kind AS kr
WHERE ek.name = 'orchestra'
  AND kr.name = 'rating'
  AND rr.value > '9.0'
  AND re.note NOT LIKE '%(USA)%'
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = re.recording_id;

-- name: j02a
SELECT min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_keyword AS rk, keyword AS k
WHERE e.country = '[de]'
  AND k.word = 'film-music-48'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id;

-- name: j02b
SELECT min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_keyword AS rk, keyword AS k
WHERE e.country = '[nl]'
  AND k.word LIKE 'film-music-6%'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id;

-- name: j02c
SELECT min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_keyword AS rk, keyword AS k
WHERE e.country = '[se]'
  AND k.word = 'dance-46'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id;

-- name: j02d
SELECT min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_keyword AS rk, keyword AS k
WHERE e.country = '[us]'
  AND k.word = 'based-on-poem-45'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id;

-- name: j03a
SELECT min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, recording_info AS ri
WHERE k.word LIKE '%variation%'
  AND ri.value IN ('Sweden', 'Denmark', 'Germany', 'Italy')
  AND r.recorded > 2005
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND ri.recording_id = r.id
  AND ri.recording_id = rk.recording_id;

-- name: j03b
SELECT min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, recording_info AS ri
WHERE k.word LIKE '%variation%'
  AND ri.value IN ('Japan')
  AND r.recorded > 2015
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND ri.recording_id = r.id
  AND ri.recording_id = rk.recording_id;

-- name: j03c
SELECT min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, recording_info AS ri
WHERE k.word LIKE '%variation%'
  AND ri.value IN ('USA', 'Denmark', 'German', 'French')
  AND r.recorded > 1990
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND ri.recording_id = r.id
  AND ri.recording_id = rk.recording_id;

-- name: j04a
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS kr, recording_rank AS rr, recording AS r, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND k.word LIKE '%theme%'
  AND rr.value > '5.0'
  AND r.recorded > 2005
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND rr.recording_id = rk.recording_id;

-- name: j04b
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS kr, recording_rank AS rr, recording AS r, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND k.word LIKE '%theme%'
  AND rr.value > '9.0'
  AND r.recorded > 2010
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND rr.recording_id = rk.recording_id;

-- name: j04c
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS kr, recording_rank AS rr, recording AS r, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND k.word LIKE '%theme%'
  AND rr.value > '2.0'
  AND r.recorded > 1990
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND rr.recording_id = rk.recording_id;

-- name: j05a
SELECT min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik
WHERE ek.name = 'choir'
  AND ik.name IN ('genre', 'language', 'country')
  AND re.note LIKE '%(worldwide)%'
  AND ri.value IN ('Sweden', 'Italian', 'Sacred')
  AND r.recorded > 2005
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND ri.recording_id = re.recording_id;

-- name: j05b
SELECT min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik
WHERE ek.name = 'choir'
  AND ik.name IN ('genre', 'language', 'country')
  AND re.note LIKE '%(196%'
  AND re.note LIKE '%(USA)%'
  AND ri.value IN ('English', 'USA')
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND ri.recording_id = re.recording_id;

-- name: j05c
SELECT min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik
WHERE ek.name = 'choir'
  AND ik.name IN ('genre', 'language', 'country')
  AND re.note IS NULL
  AND ri.value IN ('Opera', 'Sacred', 'German', 'French')
  AND r.recorded > 1990
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND ri.recording_id = re.recording_id;

-- name: j06a
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word = 'dance-46'
  AND p.name LIKE '%an%, B%'
  AND r.recorded > 2010
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j06b
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word IN ('dance-46', 'dance-64', 'film-music-48', 'film-music-57', 'based-on-poem-63')
  AND p.name LIKE '%ik%'
  AND r.recorded > 2014
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j06c
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word = 'theme-56-variation'
  AND p.name LIKE 'B%'
  AND r.recorded > 2014
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j06d
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word = 'film-music-48'
  AND p.name LIKE '%yvez%, S%'
  AND r.recorded > 2000
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j06e
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word = 'based-on-poem-90'
  AND p.born > 1990
  AND r.recorded > 2010
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j06f
SELECT min(k.word) AS k_word,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM keyword AS k, recording_keyword AS rk, recording AS r, credit AS c, person AS p
WHERE k.word IN ('dance-73', 'dance-82', 'dance-91')
  AND p.country = 'de'
  AND r.recorded > 1980
  AND k.id = rk.keyword_id
  AND rk.recording_id = r.id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND c.recording_id = rk.recording_id;

-- name: j07a
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, alias AS a, person_info AS pi, info_kind AS kp, credit AS c, recording AS r, recording_link AS rl, link_kind AS lk
WHERE kp.name = 'biography'
  AND a.name LIKE '%a%'
  AND lk.name = 'remake of'
  AND p.sex = 'm'
  AND pi.note LIKE 'from source 1%'
  AND r.recorded BETWEEN 1980 AND 2020
  AND p.id = c.person_id
  AND a.person_id = p.id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND c.recording_id = rl.recording_id;

-- name: j07b
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, alias AS a, person_info AS pi, info_kind AS kp, credit AS c, recording AS r, recording_link AS rl, link_kind AS lk
WHERE kp.name = 'biography'
  AND a.name LIKE 'K%'
  AND lk.name = 'quotes'
  AND p.sex = 'f'
  AND r.recorded BETWEEN 1990 AND 2015
  AND p.id = c.person_id
  AND a.person_id = p.id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND c.recording_id = rl.recording_id;

-- name: j07c
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, alias AS a, person_info AS pi, info_kind AS kp, credit AS c, recording AS r, recording_link AS rl, link_kind AS lk
WHERE kp.name = 'biography'
  AND a.name LIKE 'A%'
  AND lk.name IN ('remake of', 'quotes', 'version of', 'live version of')
  AND p.born > 1950
  AND pi.note IS NOT NULL
  AND p.id = c.person_id
  AND a.person_id = p.id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND c.recording_id = rl.recording_id;

-- name: j08a
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a
JOIN person AS p ON a.person_id = p.id
JOIN credit AS c ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
WHERE c.note = '(voice)'
  AND e.country = '[jp]'
  AND re.note LIKE '%(co-production)%'
  AND p.name LIKE '%or%'
  AND ro.name = 'speaker';

-- name: j08b
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a
JOIN person AS p ON a.person_id = p.id
JOIN credit AS c ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
WHERE c.note = '(live)'
  AND e.country = '[fr]'
  AND re.note LIKE '%(19%'
  AND ro.name = 'singer'
  AND r.recorded BETWEEN 2006 AND 2012;

-- name: j08c
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a
JOIN person AS p ON a.person_id = p.id
JOIN credit AS c ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
WHERE e.country = '[us]'
  AND ro.name = 'lyricist'
  AND r.title LIKE 'Broadcast 1%';

-- name: j08d
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a
JOIN person AS p ON a.person_id = p.id
JOIN credit AS c ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
WHERE e.country = '[us]'
  AND ro.name = 'editor'
  AND r.recorded > 2018;

-- name: j09a
SELECT min(a.name) AS a_name,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e
WHERE c.note IN ('(voice)', '(live)')
  AND e.country = '[us]'
  AND re.note IS NOT NULL
  AND p.sex = 'f'
  AND p.name LIKE '%an%'
  AND ro.name = 'soloist'
  AND r.recorded BETWEEN 2005 AND 2015
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND c.recording_id = re.recording_id;

-- name: j09b
SELECT min(a.name) AS a_name,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e
WHERE c.note IN ('(voice)', '(live)')
  AND c.note = '(voice)'
  AND e.country = '[us]'
  AND re.note LIKE '%(200%)%'
  AND p.sex = 'f'
  AND ro.name = 'soloist'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND c.recording_id = re.recording_id;

-- name: j09c
SELECT min(a.name) AS a_name,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e
WHERE c.note IN ('(voice)', '(live)')
  AND e.country = '[gb]'
  AND p.sex = 'f'
  AND ro.name = 'singer'
  AND r.title LIKE 'Live%'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND c.recording_id = re.recording_id;

-- name: j09d
SELECT min(a.name) AS a_name,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e
WHERE c.note IN ('(voice)', '(live)')
  AND e.country = '[it]'
  AND p.sex = 'm'
  AND ro.name = 'conductor'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND c.recording_id = re.recording_id;

-- name: j10a
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek
WHERE c.note LIKE '%(voice)%'
  AND e.country = '[pl]'
  AND ro.name = 'player'
  AND r.recorded > 2005
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND c.recording_id = re.recording_id;

-- name: j10b
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek
WHERE c.note LIKE '%(first take)%'
  AND e.country = '[dk]'
  AND ro.name = 'player'
  AND r.recorded > 2010
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND c.recording_id = re.recording_id;

-- name: j10c
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, role AS ro, recording AS r, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek
WHERE c.note LIKE '%(uncredited)%'
  AND e.country = '[us]'
  AND ek.name = 'broadcaster'
  AND r.recorded > 2019
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND c.recording_id = re.recording_id;

-- name: j11a
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE e.country <> '[pl]'
  AND lk.name LIKE '%follow%'
  AND (e.name LIKE '%Festival%' OR e.name LIKE '%Radio%')
  AND ek.name = 'orchestra'
  AND k.word = 'dance-46'
  AND re.note IS NULL
  AND r.recorded BETWEEN 1950 AND 2020
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j11b
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE e.country <> '[pl]'
  AND lk.name LIKE '%follow%'
  AND e.name LIKE '%Chamber%'
  AND ek.name = 'choir'
  AND k.word IN ('dance-46', 'dance-55', 'film-music-66')
  AND r.recorded > 2000
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j11c
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE e.country <> '[pl]'
  AND lk.name LIKE '%follow%'
  AND (e.name LIKE 'City%' OR e.name LIKE 'Youth%')
  AND ek.name <> 'broadcaster'
  AND k.word LIKE 'dance%'
  AND re.note IS NOT NULL
  AND r.recorded > 1990
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j11d
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE e.country <> '[pl]'
  AND lk.name LIKE '%follow%'
  AND ek.name <> 'broadcaster'
  AND k.word LIKE 'film-music-%'
  AND re.note IS NOT NULL
  AND r.title LIKE 'The Evening%'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j12a
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e
JOIN recording_ensemble AS re ON e.id = re.ensemble_id
JOIN ensemble_kind AS ek ON ek.id = re.kind_id
JOIN recording AS r ON re.recording_id = r.id
JOIN recording_info AS ri ON ri.recording_id = r.id
JOIN info_kind AS ik ON ik.id = ri.kind_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE ek.name = 'chamber group'
  AND e.country = '[us]'
  AND ik.name = 'genre'
  AND kr.name = 'rating'
  AND ri.value IN ('Jazz', 'Folk')
  AND rr.value > '8.0'
  AND r.recorded BETWEEN 2005 AND 2022;

-- name: j12b
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e
JOIN recording_ensemble AS re ON e.id = re.ensemble_id
JOIN ensemble_kind AS ek ON ek.id = re.kind_id
JOIN recording AS r ON re.recording_id = r.id
JOIN recording_info AS ri ON ri.recording_id = r.id
JOIN info_kind AS ik ON ik.id = ri.kind_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE ek.name = 'chamber group'
  AND e.country = '[us]'
  AND ik.name = 'country'
  AND kr.name = 'rank of the year'
  AND ri.value <> 'USA'
  AND r.recorded > 2000;

-- name: j12c
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e
JOIN recording_ensemble AS re ON e.id = re.ensemble_id
JOIN ensemble_kind AS ek ON ek.id = re.kind_id
JOIN recording AS r ON re.recording_id = r.id
JOIN recording_info AS ri ON ri.recording_id = r.id
JOIN info_kind AS ik ON ik.id = ri.kind_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE ek.name = 'chamber group'
  AND e.country = '[de]'
  AND ik.name = 'genre'
  AND kr.name = 'rating'
  AND ri.value IN ('Opera', 'Sacred', 'Concert')
  AND rr.value > '7.0';

-- name: j13a
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, work AS w
WHERE kr.name = 'rating'
  AND ik.name = 'first broadcast'
  AND e.country = '[de]'
  AND ek.name = 'broadcaster'
  AND w.form = 'song'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id;

-- name: j13b
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, work AS w
WHERE kr.name = 'rating'
  AND ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND ek.name = 'broadcaster'
  AND w.form = 'symphony'
  AND w.title LIKE '%Symphony 1%'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id;

-- name: j13c
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, work AS w
WHERE kr.name = 'rating'
  AND ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND ek.name = 'orchestra'
  AND w.form = 'symphony'
  AND w.title LIKE '%Symphony 12%'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id;

-- name: j13d
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, work AS w
WHERE kr.name = 'rating'
  AND ik.name = 'first broadcast'
  AND e.country = '[fr]'
  AND ek.name = 'choir'
  AND w.form IN ('song', 'dance')
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id;

-- name: j14a
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS ik, recording_info AS ri, info_kind AS kr, recording_rank AS rr, recording AS r, work AS w, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND k.word IN ('based-on-poem-45', 'based-on-poem-54', 'theme-47-variation', 'dance-55')
  AND ri.value IN ('Sweden', 'Denmark', 'Germany', 'USA')
  AND w.form = 'song'
  AND rr.value < '8.5'
  AND r.recorded > 2010
  AND ik.id = ri.kind_id
  AND ri.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND w.id = r.work_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = rk.recording_id;

-- name: j14b
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS ik, recording_info AS ri, info_kind AS kr, recording_rank AS rr, recording AS r, work AS w, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND k.word IN ('theme-47-variation', 'theme-56-variation')
  AND ri.value IN ('Denmark', 'Germany', 'USA')
  AND r.title LIKE '%1%'
  AND rr.value > '6.0'
  AND ik.id = ri.kind_id
  AND ri.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND w.id = r.work_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = rk.recording_id;

-- name: j14c
SELECT min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM info_kind AS ik, recording_info AS ri, info_kind AS kr, recording_rank AS rr, recording AS r, work AS w, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND k.word LIKE '%variation'
  AND ri.value IN ('Japan', 'Italy')
  AND w.form IN ('song', 'sonata')
  AND rr.value < '8.5'
  AND r.recorded > 2005
  AND ik.id = ri.kind_id
  AND ri.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rr.recording_id = r.id
  AND w.id = r.work_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = rk.recording_id;

-- name: j15a
SELECT min(ri.value) AS ri_value,
       min(r.title) AS r_title
FROM recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND re.note LIKE '%(200%'
  AND re.note LIKE '%(worldwide)%'
  AND ri.note LIKE '%radio%'
  AND ri.value LIKE 'Japan:20%'
  AND r.recorded > 2000
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j15b
SELECT min(ri.value) AS ri_value,
       min(r.title) AS r_title
FROM recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND e.name LIKE 'Radio%'
  AND re.note LIKE '%(worldwide)%'
  AND ri.value LIKE 'USA:20%'
  AND r.recorded BETWEEN 2005 AND 2010
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j15c
SELECT min(ri.value) AS ri_value,
       min(r.title) AS r_title
FROM recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND ri.note LIKE '%sleeve%'
  AND ri.value LIKE 'Germany:19%'
  AND k.word LIKE 'subject-1%'
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j15d
SELECT min(ri.value) AS ri_value,
       min(r.title) AS r_title
FROM recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, ensemble_kind AS ek, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND e.country = '[jp]'
  AND ri.value LIKE 'Japan:%'
  AND ek.name = 'orchestra'
  AND r.title LIKE 'Broadcast%'
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ek.id = re.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j16a
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, recording AS r, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE e.country = '[us]'
  AND k.word = 'film-music-48'
  AND r.seconds BETWEEN 100 AND 900
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j16b
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, recording AS r, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE e.country = '[us]'
  AND k.word = 'dance-46'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j16c
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, recording AS r, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE e.country = '[us]'
  AND k.word = 'subject-42'
  AND r.seconds < 1000
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j16d
SELECT min(a.name) AS a_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, recording AS r, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE e.country = '[us]'
  AND k.word = 'based-on-poem-54'
  AND r.recorded BETWEEN 1990 AND 2010
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j17a
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE e.country = '[us]'
  AND k.word = 'subject-41'
  AND p.name LIKE 'B%';

-- name: j17b
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE k.word = 'dance-46'
  AND p.name LIKE 'Z%';

-- name: j17c
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE k.word = 'film-music-57'
  AND p.name LIKE 'W%';

-- name: j17d
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE k.word = 'subject-50'
  AND p.name LIKE '%B%'
  AND r.recorded > 2000;

-- name: j17e
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE e.country = '[gb]'
  AND k.word = 'dance-55';

-- name: j17f
SELECT min(p.name) AS p_name
FROM person AS p
JOIN credit AS c ON p.id = c.person_id
JOIN recording AS r ON c.recording_id = r.id
JOIN recording_ensemble AS re ON re.recording_id = r.id
JOIN ensemble AS e ON e.id = re.ensemble_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
WHERE k.word = 'theme-65-variation'
  AND p.name LIKE '%ut%'
  AND e.name LIKE 'City%';

-- name: j18a
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM recording AS r, credit AS c, person AS p, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr
WHERE c.note IN ('(live)', '(voice)')
  AND ik.name = 'producer''s remark'
  AND kr.name = 'votes'
  AND p.sex = 'm'
  AND p.name LIKE '%, T%'
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id;

-- name: j18b
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM recording AS r, credit AS c, person AS p, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr
WHERE ik.name = 'genre'
  AND kr.name = 'rating'
  AND ri.value IN ('Jazz', 'Opera')
  AND rr.value > '8.0'
  AND p.sex = 'f'
  AND r.recorded BETWEEN 2008 AND 2014
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id;

-- name: j18c
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM recording AS r, credit AS c, person AS p, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr
WHERE c.note = '(uncredited)'
  AND ik.name = 'genre'
  AND kr.name = 'votes'
  AND ri.value = 'Film'
  AND p.sex = 'm'
  AND p.country = 'it'
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id;

-- name: j19a
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e
WHERE ro.name = 'singer'
  AND ik.name = 'first broadcast'
  AND c.note = '(voice)'
  AND e.country = '[us]'
  AND ri.value LIKE 'Japan:%'
  AND p.sex = 'f'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id;

-- name: j19b
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e
WHERE ro.name = 'singer'
  AND ik.name = 'first broadcast'
  AND c.note = '(voice)'
  AND e.country = '[us]'
  AND ri.value LIKE 'USA:%'
  AND p.sex = 'f'
  AND p.name LIKE '%an%'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id;

-- name: j19c
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e
WHERE ro.name = 'singer'
  AND ik.name = 'first broadcast'
  AND c.note IN ('(voice)', '(live)')
  AND e.country = '[gb]'
  AND p.sex = 'f'
  AND p.name LIKE '%lo%'
  AND r.recorded > 2000
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id;

-- name: j19d
SELECT min(p.name) AS p_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e
WHERE ro.name = 'singer'
  AND ik.name = 'first broadcast'
  AND e.country = '[se]'
  AND p.sex = 'f'
  AND r.recorded > 2000
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id;

-- name: j20a
SELECT min(w.title) AS w_title,
       min(r.title) AS r_title
FROM work AS w, recording AS r, credit AS c, person AS p, recording_keyword AS rk, keyword AS k, instrument AS i
WHERE i.family = 'string'
  AND w.form = 'song'
  AND k.word IN ('dance-55', 'dance-46', 'dance-64')
  AND p.name NOT LIKE '%M.%'
  AND r.recorded > 1950
  AND w.id = r.work_id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND i.id = c.instrument_id
  AND c.recording_id = rk.recording_id;

-- name: j20b
SELECT min(w.title) AS w_title,
       min(r.title) AS r_title
FROM work AS w, recording AS r, credit AS c, person AS p, recording_keyword AS rk, keyword AS k, instrument AS i
WHERE i.family = 'string'
  AND w.form = 'symphony'
  AND k.word LIKE 'theme-%'
  AND p.name LIKE '%ku%'
  AND r.recorded > 2000
  AND w.id = r.work_id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND i.id = c.instrument_id
  AND c.recording_id = rk.recording_id;

-- name: j20c
SELECT min(w.title) AS w_title,
       min(r.title) AS r_title
FROM work AS w, recording AS r, credit AS c, person AS p, recording_keyword AS rk, keyword AS k, instrument AS i
WHERE i.family = 'string'
  AND w.form = 'sonata'
  AND k.word IN ('film-music-66', 'film-music-48', 'based-on-poem-45')
  AND r.recorded > 2000
  AND w.id = r.work_id
  AND c.recording_id = r.id
  AND p.id = c.person_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND i.id = c.instrument_id
  AND c.recording_id = rk.recording_id;

-- name: j21a
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE lk.name LIKE '%version%'
  AND e.country <> '[pl]'
  AND (e.name LIKE '%Festival%' OR e.name LIKE '%City%')
  AND ek.name = 'orchestra'
  AND k.word LIKE 'dance%'
  AND ri.value IN ('Sweden', 'Denmark', 'Germany', 'German')
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j21b
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE lk.name LIKE '%version%'
  AND e.country <> '[pl]'
  AND e.name LIKE '%Radio%'
  AND k.word LIKE 'film%'
  AND ri.value IN ('Germany', 'German')
  AND r.recorded BETWEEN 2000 AND 2020
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j21c
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k
WHERE lk.name LIKE '%version%'
  AND ek.name = 'choir'
  AND k.word LIKE 'subject-4%'
  AND ri.value IN ('English', 'French', 'Italy', 'Sacred')
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j22a
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND ik.name = 'country'
  AND e.country <> '[us]'
  AND k.word IN ('dance-46', 'based-on-poem-45', 'theme-47-variation')
  AND ri.value IN ('Germany', 'Sweden')
  AND re.note NOT LIKE '%(USA)%'
  AND rr.value < '7.0'
  AND r.recorded > 2008
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j22b
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND ik.name = 'country'
  AND e.country <> '[us]'
  AND k.word IN ('dance-46', 'dance-64')
  AND ri.value IN ('Germany', 'USA')
  AND re.note LIKE '%(200%)%'
  AND r.recorded > 2009
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j22c
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND ik.name = 'country'
  AND e.country <> '[us]'
  AND k.word LIKE 'based-on-poem-%'
  AND ri.value IN ('Sweden', 'Denmark', 'Italy')
  AND rr.value < '8.5'
  AND r.recorded > 2005
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j22d
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE kr.name = 'rating'
  AND ik.name = 'country'
  AND e.country = '[de]'
  AND k.word LIKE 'dance%'
  AND rr.value > '5.0'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j23a
SELECT min(w.form) AS w_form,
       min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, ensemble AS e, recording AS r, recording_info AS ri, info_kind AS ik, work AS w, release_recording AS x, release AS rel
WHERE ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND w.form IN ('song')
  AND ri.value LIKE 'Japan:%199%'
  AND ri.note LIKE '%radio%'
  AND rel.format = 'CD'
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND w.id = r.work_id
  AND x.recording_id = r.id
  AND rel.id = x.release_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = x.recording_id;

-- name: j23b
SELECT min(w.form) AS w_form,
       min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, ensemble AS e, recording AS r, recording_info AS ri, info_kind AS ik, work AS w, release_recording AS x, release AS rel
WHERE ik.name = 'first broadcast'
  AND e.country = '[us]'
  AND w.form IN ('dance')
  AND ri.value LIKE 'USA:%'
  AND rel.format = 'LP'
  AND rel.issued > 2000
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND w.id = r.work_id
  AND x.recording_id = r.id
  AND rel.id = x.release_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = x.recording_id;

-- name: j23c
SELECT min(w.form) AS w_form,
       min(r.title) AS r_title
FROM ensemble_kind AS ek, recording_ensemble AS re, ensemble AS e, recording AS r, recording_info AS ri, info_kind AS ik, work AS w, release_recording AS x, release AS rel
WHERE ik.name = 'first broadcast'
  AND e.country = '[fr]'
  AND w.form IN ('symphony', 'sonata')
  AND ri.note IS NULL
  AND rel.issued BETWEEN 1990 AND 2000
  AND ek.id = re.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND w.id = r.work_id
  AND x.recording_id = r.id
  AND rel.id = x.release_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = x.recording_id;

-- name: j24a
SELECT min(p.name) AS p_name,
       min(i.name) AS i_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, instrument AS i, recording AS r, recording_info AS ri, info_kind AS ik, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND p.sex = 'f'
  AND c.note IN ('(voice)', '(live)', '(first take)')
  AND k.word IN ('dance-46', 'dance-64', 'film-music-48')
  AND ri.value LIKE 'USA:%'
  AND ro.name = 'player'
  AND r.recorded > 2010
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND i.id = c.instrument_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = rk.recording_id;

-- name: j24b
SELECT min(p.name) AS p_name,
       min(i.name) AS i_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, credit AS c, role AS ro, instrument AS i, recording AS r, recording_info AS ri, info_kind AS ik, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND p.sex = 'f'
  AND c.note = '(uncredited)'
  AND k.word LIKE 'subject-%'
  AND ri.value LIKE 'Japan:%'
  AND i.family IN ('string', 'brass')
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND i.id = c.instrument_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = rk.recording_id;

-- name: j25a
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND c.note IN ('(live)', '(voice)')
  AND k.word IN ('dance-46', 'dance-64', 'based-on-poem-45')
  AND ri.value = 'Sacred'
  AND p.sex = 'm'
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = rk.recording_id;

-- name: j25b
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND c.note = '(live)'
  AND k.word LIKE 'film-music-1%'
  AND ri.value = 'Film'
  AND p.sex = 'm'
  AND r.recorded > 2010
  AND r.title LIKE 'Live%'
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = rk.recording_id;

-- name: j25c
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND c.note = '(first take)'
  AND k.word IN ('dance-55', 'dance-46', 'film-music-66')
  AND ri.value IN ('Sacred', 'Jazz', 'Film')
  AND p.sex = 'm'
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = rk.recording_id;

-- name: j26a
SELECT min(ro.name) AS ro_name,
       min(p.name) AS p_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM work AS w
JOIN recording AS r ON w.id = r.work_id
JOIN credit AS c ON c.recording_id = r.id
JOIN person AS p ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE kr.name = 'rating'
  AND w.form = 'song'
  AND k.word IN ('dance-46', 'theme-47-variation', 'film-music-48')
  AND rr.value > '7.0'
  AND r.recorded > 2000;

-- name: j26b
SELECT min(ro.name) AS ro_name,
       min(p.name) AS p_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM work AS w
JOIN recording AS r ON w.id = r.work_id
JOIN credit AS c ON c.recording_id = r.id
JOIN person AS p ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE kr.name = 'rating'
  AND w.form = 'symphony'
  AND k.word LIKE 'based-on-poem-1%'
  AND rr.value > '8.0'
  AND r.recorded > 2005;

-- name: j26c
SELECT min(ro.name) AS ro_name,
       min(p.name) AS p_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM work AS w
JOIN recording AS r ON w.id = r.work_id
JOIN credit AS c ON c.recording_id = r.id
JOIN person AS p ON p.id = c.person_id
JOIN role AS ro ON ro.id = c.role_id
JOIN recording_keyword AS rk ON rk.recording_id = r.id
JOIN keyword AS k ON k.id = rk.keyword_id
JOIN recording_rank AS rr ON rr.recording_id = r.id
JOIN info_kind AS kr ON kr.id = rr.kind_id
WHERE kr.name = 'rating'
  AND w.form IN ('song', 'dance', 'piece')
  AND k.word LIKE 'subject-40%'
  AND ro.name IN ('conductor', 'soloist');

-- name: j27a
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k, work AS w
WHERE lk.name LIKE '%remaste%'
  AND ek.name IN ('orchestra', 'choir')
  AND e.country <> '[pl]'
  AND e.name LIKE '%Orchestra%'
  AND k.word LIKE 'dance%'
  AND ri.value IN ('Sweden', 'Germany', 'Japan')
  AND r.recorded BETWEEN 1950 AND 2000
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j27b
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k, work AS w
WHERE lk.name LIKE '%remaste%'
  AND ek.name IN ('orchestra', 'choir')
  AND e.country <> '[pl]'
  AND k.word LIKE 'film%'
  AND ri.value IN ('Italy', 'USA')
  AND r.recorded = 1998
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j27c
SELECT min(e.name) AS e_name,
       min(lk.name) AS lk_name,
       min(w.title) AS w_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, recording_link AS rl, link_kind AS lk, recording_keyword AS rk, keyword AS k, work AS w
WHERE lk.name LIKE '%remaste%'
  AND ek.name IN ('orchestra', 'choir')
  AND w.form = 'song'
  AND k.word LIKE 'based%'
  AND ri.value IN ('English', 'German')
  AND r.recorded BETWEEN 1950 AND 2015
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id
  AND rk.recording_id = rl.recording_id;

-- name: j28a
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, work AS w
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND ek.name = 'orchestra'
  AND e.country <> '[us]'
  AND k.word IN ('dance-46', 'based-on-poem-45', 'theme-47-variation')
  AND ri.value IN ('Sweden', 'Germany', 'Italy')
  AND rr.value < '8.5'
  AND r.recorded > 2000
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j28b
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, work AS w
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND ek.name <> 'choir'
  AND e.country <> '[us]'
  AND k.word LIKE 'dance-1%'
  AND ri.value IN ('Sweden', 'Germany')
  AND rr.value > '6.5'
  AND r.recorded > 2005
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j28c
SELECT min(e.name) AS e_name,
       min(rr.value) AS rr_value,
       min(r.title) AS r_title
FROM ensemble AS e, recording_ensemble AS re, ensemble_kind AS ek, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, work AS w
WHERE ik.name = 'country'
  AND kr.name = 'rating'
  AND w.form IN ('song', 'dance')
  AND e.country <> '[us]'
  AND k.word LIKE 'theme-%'
  AND ri.value IN ('Denmark', 'Italy')
  AND rr.value < '8.5'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND w.id = r.work_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j29a
SELECT min(p.name) AS p_name,
       min(e.name) AS e_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, person_info AS pi, info_kind AS kp, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND p.sex = 'f'
  AND k.word LIKE 'dance-1%'
  AND kp.name = 'trivia'
  AND ri.value LIKE 'USA:%200%'
  AND ro.name = 'player'
  AND r.recorded BETWEEN 1980 AND 2015
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j29b
SELECT min(p.name) AS p_name,
       min(e.name) AS e_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, person_info AS pi, info_kind AS kp, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND p.sex = 'f'
  AND c.note = '(live)'
  AND k.word IN ('dance-55', 'dance-46', 'film-music-66')
  AND kp.name = 'birth note'
  AND ri.value LIKE 'USA:%'
  AND r.title LIKE 'Live%'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j29c
SELECT min(p.name) AS p_name,
       min(e.name) AS e_name,
       min(r.title) AS r_title
FROM alias AS a, person AS p, person_info AS pi, info_kind AS kp, credit AS c, role AS ro, recording AS r, recording_info AS ri, info_kind AS ik, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'first broadcast'
  AND p.sex = 'f'
  AND k.word = 'film-music-66'
  AND kp.name = 'birth note'
  AND ri.value LIKE 'Japan:%'
  AND e.country = '[us]'
  AND a.person_id = p.id
  AND p.id = c.person_id
  AND pi.person_id = p.id
  AND kp.id = pi.kind_id
  AND c.recording_id = r.id
  AND ro.id = c.role_id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j30a
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, recording_ensemble AS re, ensemble_kind AS ek
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND p.sex = 'm'
  AND ek.name IN ('orchestra', 'choir')
  AND c.note IN ('(live)', '(voice)')
  AND k.word IN ('dance-46', 'dance-64', 'film-music-48')
  AND ri.value IN ('Sacred', 'Film')
  AND r.recorded > 2000
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j30b
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, recording_ensemble AS re, ensemble_kind AS ek
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND p.sex = 'm'
  AND ek.name = 'broadcaster'
  AND c.note = '(first take)'
  AND k.word IN ('dance-46', 'based-on-poem-45')
  AND ri.value IN ('Sacred', 'Jazz')
  AND r.title LIKE 'The Evening%'
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j30c
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_keyword AS rk, keyword AS k, recording_ensemble AS re, ensemble_kind AS ek
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND p.sex = 'm'
  AND ek.name = 'orchestra'
  AND c.note IN ('(live)', '(voice)', '(uncredited)')
  AND k.word LIKE 'based-on-poem-1%'
  AND ri.value IN ('Opera', 'Film')
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND re.recording_id = r.id
  AND ek.id = re.kind_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j31a
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND c.note IN ('(live)', '(voice)')
  AND e.name LIKE 'Festival%'
  AND k.word IN ('dance-46', 'dance-64', 'film-music-48')
  AND ri.value IN ('Sacred', 'Film')
  AND p.sex = 'm'
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j31b
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND e.name LIKE 'Radio%'
  AND re.note LIKE '%(worldwide)%'
  AND k.word LIKE 'theme-2%'
  AND ri.value = 'Jazz'
  AND r.recorded > 2000
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j31c
SELECT min(ri.value) AS ri_value,
       min(rr.value) AS rr_value,
       min(p.name) AS p_name,
       min(r.title) AS r_title
FROM person AS p, credit AS c, recording AS r, recording_info AS ri, info_kind AS ik, recording_rank AS rr, info_kind AS kr, recording_ensemble AS re, ensemble AS e, recording_keyword AS rk, keyword AS k
WHERE ik.name = 'genre'
  AND kr.name = 'votes'
  AND e.name LIKE 'City%'
  AND k.word IN ('subject-42', 'subject-41', 'dance-91')
  AND ri.value IN ('Sacred', 'Opera', 'Film')
  AND p.id = c.person_id
  AND c.recording_id = r.id
  AND ri.recording_id = r.id
  AND ik.id = ri.kind_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND re.recording_id = r.id
  AND e.id = re.ensemble_id
  AND rk.recording_id = r.id
  AND k.id = rk.keyword_id
  AND ri.recording_id = rr.recording_id
  AND rr.recording_id = c.recording_id
  AND c.recording_id = re.recording_id
  AND re.recording_id = rk.recording_id;

-- name: j32a
SELECT min(lk.name) AS lk_name,
       min(r.title) AS r_title,
       min(r2.title) AS r2_title
FROM keyword AS k
JOIN recording_keyword AS rk ON k.id = rk.keyword_id
JOIN recording AS r ON rk.recording_id = r.id
JOIN recording_link AS rl ON rl.recording_id = r.id
JOIN link_kind AS lk ON lk.id = rl.kind_id
JOIN recording AS r2 ON r2.id = rl.linked_id
WHERE k.word = 'based-on-poem-45';

-- name: j32b
SELECT min(lk.name) AS lk_name,
       min(r.title) AS r_title,
       min(r2.title) AS r2_title
FROM keyword AS k
JOIN recording_keyword AS rk ON k.id = rk.keyword_id
JOIN recording AS r ON rk.recording_id = r.id
JOIN recording_link AS rl ON rl.recording_id = r.id
JOIN link_kind AS lk ON lk.id = rl.kind_id
JOIN recording AS r2 ON r2.id = rl.linked_id
WHERE k.word = 'dance-46';

-- name: j33a
SELECT min(e.name) AS e_name,
       min(e2.name) AS e2_name,
       min(rr.value) AS rr_value,
       min(rrb.value) AS rrb_value,
       min(r.title) AS r_title,
       min(r2.title) AS r2_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_link AS rl, link_kind AS lk, recording AS r2, recording_ensemble AS re2, ensemble AS e2, recording_rank AS rr, info_kind AS kr, recording_rank AS rrb, info_kind AS krb
WHERE kr.name = 'rating'
  AND krb.name = 'rating'
  AND e.country = '[us]'
  AND lk.name IN ('follows', 'followed by')
  AND rrb.value < '3.0'
  AND r2.recorded BETWEEN 2005 AND 2015
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND r2.id = rl.linked_id
  AND re2.recording_id = r2.id
  AND e2.id = re2.ensemble_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rrb.recording_id = r2.id
  AND krb.id = rrb.kind_id;

-- name: j33b
SELECT min(e.name) AS e_name,
       min(e2.name) AS e2_name,
       min(rr.value) AS rr_value,
       min(rrb.value) AS rrb_value,
       min(r.title) AS r_title,
       min(r2.title) AS r2_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_link AS rl, link_kind AS lk, recording AS r2, recording_ensemble AS re2, ensemble AS e2, recording_rank AS rr, info_kind AS kr, recording_rank AS rrb, info_kind AS krb
WHERE kr.name = 'rating'
  AND krb.name = 'rating'
  AND e.country = '[nl]'
  AND lk.name LIKE '%follow%'
  AND rrb.value < '4.0'
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND r2.id = rl.linked_id
  AND re2.recording_id = r2.id
  AND e2.id = re2.ensemble_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rrb.recording_id = r2.id
  AND krb.id = rrb.kind_id;

-- name: j33c
SELECT min(e.name) AS e_name,
       min(e2.name) AS e2_name,
       min(rr.value) AS rr_value,
       min(rrb.value) AS rrb_value,
       min(r.title) AS r_title,
       min(r2.title) AS r2_title
FROM ensemble AS e, recording_ensemble AS re, recording AS r, recording_link AS rl, link_kind AS lk, recording AS r2, recording_ensemble AS re2, ensemble AS e2, recording_rank AS rr, info_kind AS kr, recording_rank AS rrb, info_kind AS krb
WHERE kr.name = 'rating'
  AND krb.name = 'rating'
  AND e.country <> '[us]'
  AND lk.name IN ('follows', 'followed by', 'remake of')
  AND rrb.value < '3.5'
  AND r2.recorded BETWEEN 2000 AND 2018
  AND e.id = re.ensemble_id
  AND re.recording_id = r.id
  AND rl.recording_id = r.id
  AND lk.id = rl.kind_id
  AND r2.id = rl.linked_id
  AND re2.recording_id = r2.id
  AND e2.id = re2.ensemble_id
  AND rr.recording_id = r.id
  AND kr.id = rr.kind_id
  AND rrb.recording_id = r2.id
  AND krb.id = rrb.kind_id;
