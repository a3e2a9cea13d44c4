-- The JSON of the archive's parts, key for key; whom a message leads to beside the person stays out (Art. 15(4)).
SELECT id, member_id AS member, resource_id AS resource,
       to_char(viewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS viewed_at, ip_address
FROM usage_resourceview WHERE member_id = %(member)s;

SELECT id, member_id AS member, resource_id AS resource, value,
       to_char(given_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS given_at
FROM usage_score WHERE member_id = %(member)s;

SELECT id, member_id AS member, name FROM usage_folder WHERE member_id = %(member)s;

SELECT f.id, f.folder_id AS folder, f.resource_id AS resource, f.note,
       to_char(f.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS added_at
FROM usage_favourite f JOIN usage_folder ON usage_folder.id = f.folder_id WHERE usage_folder.member_id = %(member)s;

SELECT id, CASE WHEN sender_id = %(member)s THEN sender_id END AS sender, CASE WHEN recipient_id = %(member)s THEN recipient_id END AS recipient,
       text, to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sent_at,
       to_char(read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS read_at
FROM usage_message WHERE sender_id = %(member)s OR recipient_id = %(member)s;

SELECT id, author_id AS author, shown_name, resource_id AS resource, text,
       to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS published_at
FROM usage_comment WHERE author_id = %(member)s;

SELECT id, user_id AS "user", email, verified, "primary" FROM account_emailaddress WHERE user_id = %(member)s;

SELECT id, subject_id AS subject, email, last_name, first_name, town, gender, birth_date, occupation, about_me, website, social_network,
       language, is_active, is_staff, is_superuser,
       to_char(date_joined AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS date_joined,
       to_char(last_login AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS last_login
FROM accounts_member WHERE id = %(member)s;

SELECT ref, kind, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
       to_char(hidden_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS hidden_at
FROM privacy_subject WHERE ref = %(subject)s;
