"""Every address of the site by its name, and behind which gate it stands (tests/test_permission_matrix.py asks it role by role)."""

from dataclasses import dataclass

# Who signs in as what; `manage.py appoint` gives the roles, a contact speaks for a partner, staff are ours without a role.
ROLES = ("visitor", "member", "moderator", "custodian", "partners", "dpo", "assistant", "auditor", "contact", "staff")
SIGNED_IN = frozenset(ROLES[1:])


@dataclass(frozen=True, eq=False)
class Gate:
    """Who is let in; the others get `refused` (403: it is not for you, 404: there is no such page), visitors the sign-in page."""

    let_in: frozenset[str]
    refused: int = 403


def only(*roles, refused=403) -> Gate:
    return Gate(frozenset(roles), refused)


ANYONE = Gate(frozenset(ROLES))
PERSON = Gate(SIGNED_IN)
# In the middle of signing in; whoever is not, begins at the sign-in page, or is signed in already.
ARRIVING = Gate(frozenset(ROLES))
# Asks a program who it is, whoever is signed in to the browser.
PROGRAM = Gate(frozenset())
READS, DECIDES, ENTERS = only("dpo", "assistant"), only("dpo"), only("dpo", "assistant")
AUDITS, RECORDS = only("dpo", "auditor"), only("dpo", "assistant", "auditor")
MODERATES, KEEPS_LIST = only("moderator", refused=404), only("custodian", refused=404)
SEES_LIST = only("custodian", "dpo", "assistant", refused=404)
PARTNERS, CONTACTS = only("partners", refused=404), only("contact", refused=404)
# Nobody has this task by a role of `appoint`.
ANSWERS = only()

TABLE = {
    ANYONE: """
        start set_language inzage_keys privacy:verify privacy:appearance privacy:not_me privacy:ask privacy:ask_sent
        privacy:ask_confirm privacy:was_it_you privacy:ask_follow privacy:ask_code misconduct:object
        usage:feedback usage:resources usage:search usage:resource usage:download usage:member accounts:photo
        account_login account_signup account_logout account_inactive account_email_verification_sent account_confirm_email
        account_reset_password account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done
        account_request_login_code account_confirm_login_code account_reauthenticate mfa_reauthenticate
        account/social/login/cancelled/ account/social/login/error/ account/social/signup/ account/social/connections/
        socialaccount_login_cancelled socialaccount_login_error openid_connect_login openid_connect_callback
        oidc:configuration oidc:oauth_configuration oidc:jwks oidc:gpc ssf_configuration secevent
        portal:openapi transfer_api:takes ssf:openapi-json
    """,
    ARRIVING: "mfa_authenticate mfa_login_webauthn socialaccount_signup",
    PERSON: """
        account account_email account_change_password account_set_password socialaccount_connections
        mfa_index mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn mfa_list_webauthn mfa_reauthenticate_webauthn usersessions_list end_session
        privacy:overview privacy:data privacy:group privacy:table privacy:recipients privacy:download privacy:download_part privacy:fetch
        privacy:take_in privacy:take_in_look privacy:correct privacy:correct_row privacy:statement privacy:object privacy:restrict
        privacy:question privacy:complain
        privacy:erase privacy:erase_confirm privacy:opened privacy:requests privacy:request_messages privacy:request_letter
        privacy:request privacy:cancel
        privacy:step_up privacy:step_up_code
        accounts:profile accounts:upload accounts:notices accounts:withdraw misconduct:proven
        consents:permissions consents:withdraw_all consents:no_offers consents:offers_again consents:partner consents:withdraw
        consents:allow consents:narrow consents:contact consents:receipt
        portal:mine portal:register
        transfer:choose transfer:back transfer:start transfer:outgoing transfer:stop transfer:outgoing_receipt transfer:incoming
        transfer:stop_incoming transfer:incoming_receipt oidc:authorize
        usage:follow usage:unfollow usage:write usage:messages usage:conversation usage:following usage:for_you usage:switch_suggestions
        usage:history usage:forget_all usage:forget usage:sign_ins usage:publish usage:change usage:withdraw usage:score
        usage:comment usage:keep usage:remove_comment usage:folders usage:folder usage:remove_folder usage:favourite
        usage:remove_favourite
    """,
    READS: """
        privacy:desk privacy:letters privacy:letter_paper privacy:messages
        privacy:find privacy:look_up privacy:hand privacy:absence privacy:end_absence privacy:open
        privacy:case privacy:certificate privacy:holds privacy:hold privacy:retention privacy:settings privacy:setting privacy:restrictions
        privacy:restriction
    """,
    DECIDES: """
        privacy:answer privacy:extend privacy:pause privacy:resume
        privacy:settle privacy:decide privacy:identity_lower privacy:place_hold privacy:prolong_hold privacy:lift_hold privacy:open_hold
        privacy:retention_approve privacy:retention_withdraw privacy:change_setting privacy:decide_setting privacy:keep_setting
        privacy:place_restriction privacy:announce_restriction privacy:restriction_by_post privacy:lift_restriction privacy:put_right
        privacy:add_processor privacy:organisation privacy:note_breach privacy:breach_more privacy:breach_authority privacy:breach_silence
        privacy:breach_persons privacy:breach_public privacy:breach_partners privacy:note_disclosure privacy:disclosure
    """,
    ENTERS: "privacy:letter privacy:letter_act privacy:identity privacy:identity_agree privacy:mandate",
    AUDITS: """
        privacy:audit privacy:registers privacy:registers_paper privacy:processing privacy:processing_file privacy:processors
        privacy:breaches privacy:breach privacy:disclosures
    """,
    RECORDS: "privacy:figures privacy:figures_file",
    MODERATES: "misconduct:find misconduct:member misconduct:ban",
    SEES_LIST: "misconduct:bans misconduct:one",
    KEEPS_LIST: "misconduct:read misconduct:decide",
    PARTNERS: "portal:desk portal:proposal portal:approve portal:of_partner portal:publish portal:end",
    CONTACTS: """
        portal:partner portal:change portal:log portal:add_program portal:program portal:rotate portal:end_secret portal:signals
        portal:test_event
    """,
    ANSWERS: "usage:feedback_desk usage:answer usage:settle",
    PROGRAM: """
        oidc:token oidc:revoke oidc:introspect oidc:userinfo oidc:portable
        transfer_api:begin transfer_api:transfer transfer_api:put transfer_api:end
        ssf:api-root ssf:create_stream ssf:read_stream ssf:change_stream ssf:replace_stream ssf:delete_stream ssf:read_status
        ssf:change_status ssf:add_subject ssf:remove_subject ssf:verify ssf:poll
    """,
}

# Where who is let in is sent on, by the page on which that ends; any other way on is a refusal that looks like none.
SENT_ON = {
    "start": "set_language account_logout",
    "account_request_login_code": "account_confirm_login_code",
    "account_email": "account_email",
    "account_change_password": "account_set_password",
    "account_logout": "end_session",
    "account_reauthenticate": "mfa_reauthenticate_webauthn",
    "usersessions_list": "usersessions_list",
    "privacy:overview": """
        account_login account_signup account_request_login_code account_confirm_login_code mfa_authenticate mfa_login_webauthn
        privacy:appearance privacy:step_up
    """,
    "privacy:step_up": "account_reauthenticate mfa_reauthenticate privacy:step_up_code",
    "privacy:ask_follow": "privacy:ask_code",
    "privacy:download": "privacy:download",
    "privacy:erase": "privacy:erase_confirm",
    "privacy:absence": "privacy:end_absence",
    "privacy:desk": "privacy:hand privacy:settle",
    "privacy:settings": "privacy:keep_setting",
    "privacy:processors": "privacy:organisation",
    "consents:permissions": "consents:allow consents:narrow consents:no_offers consents:offers_again consents:withdraw_all",
    "portal:program": "portal:end_secret portal:test_event",
    "usage:resources": "usage:search",
    "usage:for_you": "usage:switch_suggestions",
    "usage:following": "usage:unfollow",
    "socialaccount_connections": "account/social/connections/",
    "socialaccount_signup": "account/social/signup/",
    "socialaccount_login_cancelled": "account/social/login/cancelled/",
    "socialaccount_login_error": "account/social/login/error/",
}
