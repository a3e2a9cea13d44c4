-- Closing every permission of one partner as a careful hand would, in one transaction: what each member agreed to is looked up once.
CREATE TEMPORARY TABLE closing ON COMMIT DROP AS
SELECT g.id, g.member_id, g.partner_id, g.sub, g.attributes, m.subject_id, e.text_version, e.language
FROM consents_partnergrant g
JOIN accounts_member m ON m.id = g.member_id
LEFT JOIN (
    SELECT DISTINCT ON (subject_ref) subject_ref, text_version, language
    FROM consents_consentevent WHERE kind = 'given' AND partner_id = %(partner)s ORDER BY subject_ref, id DESC
) e ON e.subject_ref = m.subject_id
WHERE g.partner_id = %(partner)s AND g.revoked_at IS NULL
ORDER BY g.id;

INSERT INTO consents_consentevent (subject_ref, partner_id, kind, attributes, asked, text_version, language, method, at)
SELECT subject_id, partner_id, 'withdrawn', attributes, '[]', COALESCE(text_version, ''), COALESCE(language, ''), 'ended', now() FROM closing;

INSERT INTO privacy_trailentry (event, at, subject_ref, actor_ref, request_ref, reason)
SELECT 'consent.ended', now(), subject_id, 'controller', '', '' FROM closing;

INSERT INTO privacy_notice (attempts, recipient_id, subject_ref, request_ref, event, known_as, attributes, state, created_at)
SELECT 0, %(recipient)s, subject_id, '', 'withdrawal', sub::varchar, '[]', 'queued', now() FROM closing;

DELETE FROM oauth2_provider_refreshtoken WHERE application_id IN (SELECT id FROM consents_partnerapplication WHERE partner_id = %(partner)s);

DELETE FROM oauth2_provider_accesstoken WHERE application_id IN (SELECT id FROM consents_partnerapplication WHERE partner_id = %(partner)s);

UPDATE consents_partnergrant SET revoked_at = now() WHERE partner_id = %(partner)s AND revoked_at IS NULL;
