-- The JSON of the archive's parts, key for key; whom a message leads to and when another read it stays out (Art. 15(4)).
SELECT id, member_id AS member, resource_id AS resource,
       to_char(viewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS viewed_at, ip_address
FROM usage_resourceview WHERE member_id = %(member)s;

SELECT id, member_id AS member, resource_id AS resource,
       to_char(downloaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS downloaded_at
FROM usage_download WHERE member_id = %(member)s;

SELECT id, member_id AS member, words,
       to_char(searched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS searched_at
FROM usage_search WHERE member_id = %(member)s;

SELECT id, member_id AS member, way,
       to_char(signed_in_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS signed_in_at, ip_address
FROM usage_signin WHERE member_id = %(member)s;

SELECT id, CASE WHEN follower_id = %(member)s THEN follower_id END AS follower,
       CASE WHEN followed_id = %(member)s THEN followed_id END AS followed,
       to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since
FROM usage_follow WHERE follower_id = %(member)s OR followed_id = %(member)s;

SELECT id, member_id AS member, resource_id AS resource, value,
       to_char(given_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS given_at
FROM usage_score WHERE member_id = %(member)s;

SELECT id, member_id AS member, name FROM usage_folder WHERE member_id = %(member)s;

SELECT f.id, f.folder_id AS folder, f.resource_id AS resource, f.note,
       to_char(f.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS added_at
FROM usage_favourite f JOIN usage_folder ON usage_folder.id = f.folder_id WHERE usage_folder.member_id = %(member)s;

SELECT id, CASE WHEN sender_id = %(member)s THEN sender_id END AS sender, CASE WHEN recipient_id = %(member)s THEN recipient_id END AS recipient,
       conversation, text, to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sent_at,
       CASE WHEN recipient_id = %(member)s THEN to_char(read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS read_at
FROM usage_message WHERE sender_id = %(member)s OR recipient_id = %(member)s;

SELECT id, author_id AS author, shown_name, resource_id AS resource, reply_to, text,
       to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS published_at
FROM usage_comment WHERE author_id = %(member)s;

SELECT id, resource_id AS resource, author_id AS author, shown_name, description, town, file, file_name, file_type, file_size,
       to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS published_at
FROM usage_publication WHERE author_id = %(member)s;

SELECT id, email, text, to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sent_at,
       to_char(answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS answered_at
FROM usage_feedback WHERE lower(email) IN (SELECT lower(email) FROM account_emailaddress WHERE user_id = %(member)s AND verified);

SELECT id, user_id AS "user", email, verified, "primary" FROM account_emailaddress WHERE user_id = %(member)s;

SELECT id, subject_id AS subject, email, last_name, first_name, town, gender, birth_date, occupation, about_me, website, social_networks, photo,
       recommendations, language, is_active, is_staff, is_superuser,
       to_char(date_joined AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS date_joined,
       to_char(last_login AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_login
FROM accounts_member WHERE id = %(member)s;

SELECT ref, kind, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
       to_char(hidden_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS hidden_at,
       to_char(restricted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS restricted_at, restricted_uses
FROM privacy_subject WHERE ref = %(subject)s;
