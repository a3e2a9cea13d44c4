-- What the data map says of these tables, by hand; tests of the map are elsewhere, bench/states.py compares the outcome.
DELETE FROM usage_resourceview WHERE member_id = %(member)s;

DELETE FROM usage_download WHERE member_id = %(member)s;

DELETE FROM usage_search WHERE member_id = %(member)s;

DELETE FROM usage_signin WHERE member_id = %(member)s;

DELETE FROM usage_follow WHERE follower_id = %(member)s OR followed_id = %(member)s;

UPDATE usage_score SET member_id = NULL, given_at = '1900-01-01 00:00+00' WHERE member_id = %(member)s;

UPDATE usage_favourite SET folder_id = NULL, note = '', added_at = '1900-01-01 00:00+00'
WHERE folder_id IN (SELECT id FROM usage_folder WHERE member_id = %(member)s);

DELETE FROM usage_folder WHERE member_id = %(member)s;

UPDATE usage_comment SET author_id = NULL, shown_name = '', published_at = date_trunc('year', published_at, 'UTC')
WHERE author_id = %(member)s;

UPDATE usage_publication SET author_id = NULL, shown_name = '', town = '', file_name = '',
       published_at = date_trunc('year', published_at, 'UTC')
WHERE author_id = %(member)s;

DELETE FROM usage_message
WHERE (sender_id = %(member)s AND (recipient_id IS NULL OR recipient_id = %(member)s)) OR (recipient_id = %(member)s AND sender_id IS NULL);

UPDATE usage_message SET sender_id = NULL, sent_at = date_trunc('year', sent_at, 'UTC') WHERE sender_id = %(member)s;

UPDATE usage_message SET recipient_id = NULL, read_at = NULL WHERE recipient_id = %(member)s;

DELETE FROM usage_feedback
WHERE lower(email) IN (SELECT lower(email) FROM account_emailaddress WHERE user_id = %(member)s AND verified);

DELETE FROM account_emailaddress WHERE user_id = %(member)s;

DELETE FROM accounts_member WHERE id = %(member)s;

DELETE FROM privacy_subject WHERE ref = %(subject)s;
