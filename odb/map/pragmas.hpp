#pragma once
// How the structs are mapped. Read by ODB's compiler alone, after the structs themselves.
#include "odb/map/kept.hpp"
#include "odb/map/views.hpp"

// clang-format off
// ---- values
#pragma db value(model::uuid) type("UUID")
#pragma db value(model::org_id) type("UUID")
#pragma db value(model::user_id) type("UUID")
#pragma db value(model::landlord_id) type("UUID")
#pragma db value(model::property_id) type("UUID")
#pragma db value(model::tenancy_id) type("UUID")
#pragma db value(model::tenant_id) type("UUID")
#pragma db value(model::case_id) type("UUID")
#pragma db value(model::note_id) type("UUID")
#pragma db value(model::collaborator_id) type("UUID")
#pragma db value(model::login_id) type("UUID")
#pragma db value(model::link_id) type("UUID")
#pragma db value(model::mail_id) type("UUID")
#pragma db value(model::audit_id) type("UUID")
#pragma db value(model::revision_id) type("UUID")
#pragma db value(model::goal_id) type("UUID")
#pragma db value(model::progress_id) type("UUID")
#pragma db value(model::session_id) type("UUID")
#pragma db value(model::document_id) type("UUID")
#pragma db value(model::file_id) type("UUID")
#pragma db value(model::template_id) type("UUID")
#pragma db value(model::signature_id) type("UUID")
#pragma db value(model::digest_id) type("UUID")
#pragma db value(model::instant) type("TIMESTAMP")
#pragma db value(model::day) type("DATE")

#pragma db value(model::org_kind) type("TEXT")
#pragma db value(model::member_role) type("TEXT")
#pragma db value(model::rent_period) type("TEXT")
#pragma db value(model::tenure_type) type("TEXT")
#pragma db value(model::deposit_scheme) type("TEXT")
#pragma db value(model::note_visibility) type("TEXT")
#pragma db value(model::stream) type("TEXT")
#pragma db value(model::participation) type("TEXT")
#pragma db value(model::link_purpose) type("TEXT")
#pragma db value(model::goal_status) type("TEXT")
#pragma db value(model::session_type) type("TEXT")
#pragma db value(model::session_status) type("TEXT")
#pragma db value(model::document_type) type("TEXT")
#pragma db value(model::document_status) type("TEXT")
#pragma db value(model::signing_status) type("TEXT")
#pragma db value(store::login_kind) type("TEXT")
#pragma db value(model::mail_state) type("TEXT")
#pragma db value(model::mail_fate) type("TEXT")
#pragma db value(model::digest_state) type("TEXT")
#pragma db value(store::task_kind) type("TEXT")

#pragma db value(model::retention_years)
#pragma db value(model::address)
#pragma db value(model::link_secret)
#pragma db value(store::row_key)
#pragma db member(store::row_key::org) column("org_id")
#pragma db value(store::member_key)
#pragma db member(store::member_key::org) column("org_id")
#pragma db member(store::member_key::user) column("user_id")
#pragma db value(store::answer_key)
#pragma db member(store::answer_key::user) column("user_id")

// ---- the organisation and what is in it
#pragma db object(model::organisation) table("keywork.organisations")
#pragma db member(model::organisation::id) id
#pragma db member(model::organisation::kind) readonly
#pragma db member(model::organisation::created_at) readonly
#pragma db member(model::organisation::housing_officer_emails) table("keywork.housing_officer_emails") \
    id_column("org_id") index_column("index") value_column("email")

#pragma db object(store::org_sequence) table("keywork.org_sequence") optimistic
#pragma db member(store::org_sequence::org) id column("org_id")
#pragma db member(store::org_sequence::version) version

#pragma db object(store::provider_identity) table("keywork.support_provider_identity") no_id
#pragma db member(store::provider_identity::org) column("org_id")
#pragma db member(store::provider_identity::user) column("user_id")

#pragma db object(model::member) table("keywork.memberships")
#pragma db member(model::member::key) virtual(store::member_key) id column("") \
    get(store::member_key_of(this)) set(store::put_member_key(this, (?)))
#pragma db member(model::member::org) transient
#pragma db member(model::member::user) transient
#pragma db member(model::member::landlords) transient

#pragma db object(store::manager_landlord) table("keywork.manager_landlords") no_id
#pragma db member(store::manager_landlord::org) column("org_id")
#pragma db member(store::manager_landlord::user) column("user_id")
#pragma db member(store::manager_landlord::landlord) column("landlord_id")

#pragma db object(model::landlord) table("keywork.landlords")
#pragma db member(model::landlord::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::landlord::id) transient
#pragma db member(model::landlord::org) transient
#pragma db member(model::landlord::created_at) readonly

#pragma db object(model::property) table("keywork.properties")
#pragma db member(model::property::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::property::id) transient
#pragma db member(model::property::org) transient
#pragma db member(model::property::landlord) column("landlord_id")
#pragma db member(model::property::created_at) readonly

#pragma db object(model::tenancy) table("keywork.tenancies")
#pragma db member(model::tenancy::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::tenancy::id) transient
#pragma db member(model::tenancy::org) transient
#pragma db member(model::tenancy::property) column("property_id")

#pragma db object(model::tenant) table("keywork.tenants")
#pragma db member(model::tenant::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::tenant::id) transient
#pragma db member(model::tenant::org) transient
#pragma db member(model::tenant::tenancy) column("tenancy_id") readonly

#pragma db object(model::document_template) table("keywork.document_templates")
#pragma db member(model::document_template::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::document_template::id) transient
#pragma db member(model::document_template::org) transient
#pragma db member(model::document_template::type) readonly
#pragma db member(model::document_template::tenures) transient
#pragma db member(model::document_template::tenure_names) virtual(std::string) column("tenures") \
    get(store::tenures_of(this)) set(store::put_tenures(this, (?)))
#pragma db member(model::document_template::created_at) readonly

// ---- the case and what is in it
#pragma db object(model::case_header) table("keywork.support_cases") optimistic
#pragma db member(model::case_header::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::case_header::id) transient
#pragma db member(model::case_header::org) transient
#pragma db member(model::case_header::tenancy) column("tenancy_id") readonly
#pragma db member(model::case_header::tenant) column("tenant_id") readonly
#pragma db member(model::case_header::reference) readonly
#pragma db member(model::case_header::opened_at) readonly
#pragma db member(model::case_header::version) version

#pragma db object(model::note) table("keywork.notes")
#pragma db member(model::note::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::note::id) transient
#pragma db member(model::note::org) transient
#pragma db member(model::note::of_case) column("case_id") readonly
#pragma db member(model::note::stream) readonly
#pragma db member(model::note::author) column("author_id") readonly
#pragma db member(model::note::author_name) readonly
#pragma db member(model::note::created_at) readonly
#pragma db member(model::note::deleted_by) column("deleted_by_id")

#pragma db object(model::note_revision) table("keywork.note_revisions")
#pragma db member(model::note_revision::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::note_revision::id) transient
#pragma db member(model::note_revision::org) transient
#pragma db member(model::note_revision::of_case) column("case_id")
#pragma db member(model::note_revision::note) column("note_id")
#pragma db member(model::note_revision::replaced_by) column("replaced_by_id")

#pragma db object(model::collaborator) table("keywork.tenant_collaborators")
#pragma db member(model::collaborator::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::collaborator::id) transient
#pragma db member(model::collaborator::org) transient
#pragma db member(model::collaborator::of_case) column("case_id") readonly
#pragma db member(model::collaborator::tenant) column("tenant_id") readonly
#pragma db member(model::collaborator::participation) readonly
#pragma db member(model::collaborator::user) column("user_id") readonly
#pragma db member(model::collaborator::created_at) readonly
#pragma db member(model::collaborator::created_by) column("created_by_id") readonly
#pragma db member(model::collaborator::ended_by) column("ended_by_id")
#pragma db member(model::collaborator::invite_mail) column("invite_mail_id")

#pragma db object(model::goal) table("keywork.goals")
#pragma db member(model::goal::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::goal::id) transient
#pragma db member(model::goal::org) transient
#pragma db member(model::goal::of_case) column("case_id") readonly
#pragma db member(model::goal::author) column("author_id") readonly
#pragma db member(model::goal::author_name) readonly
#pragma db member(model::goal::created_at) readonly

#pragma db object(model::goal_progress) table("keywork.goal_progress")
#pragma db member(model::goal_progress::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::goal_progress::id) transient
#pragma db member(model::goal_progress::org) transient
#pragma db member(model::goal_progress::of_case) column("case_id") readonly
#pragma db member(model::goal_progress::goal) column("goal_id") readonly
#pragma db member(model::goal_progress::author) column("author_id") readonly

#pragma db object(model::support_session) table("keywork.sessions")
#pragma db member(model::support_session::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::support_session::id) transient
#pragma db member(model::support_session::org) transient
#pragma db member(model::support_session::of_case) column("case_id") readonly
#pragma db member(model::support_session::author) column("author_id") readonly
#pragma db member(model::support_session::author_name) readonly
#pragma db member(model::support_session::created_at) readonly

#pragma db object(model::document) table("keywork.documents")
#pragma db member(model::document::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::document::id) transient
#pragma db member(model::document::org) transient
#pragma db member(model::document::of_case) column("case_id") readonly
#pragma db member(model::document::type) readonly
#pragma db member(model::document::made_from) column("made_from_id") readonly
#pragma db member(model::document::file) column("file_id")
#pragma db member(model::document::signed_file) column("signed_file_id")
#pragma db member(model::document::signing_audit_file) column("signing_audit_file_id")
#pragma db member(model::document::author) column("author_id") readonly
#pragma db member(model::document::author_name) readonly
#pragma db member(model::document::created_at) readonly

#pragma db object(store::caseload_row) table("keywork.caseload")
#pragma db member(store::caseload_row::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(store::caseload_row::id) transient
#pragma db member(store::caseload_row::org) transient
#pragma db member(store::caseload_row::of_case) column("case_id")
#pragma db member(store::caseload_row::user) column("user_id")
#pragma db member(store::caseload_row::tenant) column("tenant_id")

// ---- what is written down
#pragma db object(model::audit_entry) table("keywork.audit_entries")
#pragma db member(model::audit_entry::key) virtual(store::row_key) id column("") \
    get(store::key_of(this)) set(store::put_key(this, (?)))
#pragma db member(model::audit_entry::id) transient
#pragma db member(model::audit_entry::org) transient
#pragma db member(model::audit_entry::of_case) column("case_id")
#pragma db member(model::audit_entry::by) column("by_id")
#pragma db member(model::audit_entry::subject) column("subject_id")

#pragma db object(store::case_read) table("keywork.case_reads") no_id
#pragma db member(store::case_read::org) column("org_id")
#pragma db member(store::case_read::of_case) column("case_id")
#pragma db member(store::case_read::user) column("user_id")

#pragma db object(store::answer_row) table("keywork.idempotency_answers")
#pragma db member(store::answer_row::id) id column("")
#pragma db member(store::answer_row::org) column("org_id")
#pragma db member(store::answer_row::of_case) column("case_id")

#pragma db object(store::mail_row) table("keywork.outbox")
#pragma db member(store::mail_row::id) id
#pragma db member(store::mail_row::org) column("org_id")
#pragma db member(store::mail_row::of_case) column("case_id")
#pragma db member(store::mail_row::link) column("link_id")

// ---- people and their logins
#pragma db object(store::user_row) table("keywork.users")
#pragma db member(store::user_row::id) id

#pragma db object(store::login_row) table("keywork.logins")
#pragma db member(store::login_row::id) id
#pragma db member(store::login_row::user) column("user_id")
#pragma db member(store::login_row::email) transient
#pragma db member(store::login_row::full_name) transient

#pragma db object(model::magic_link) table("keywork.magic_links")
#pragma db member(model::magic_link::id) id
#pragma db member(model::magic_link::user) column("user_id")
#pragma db member(model::magic_link::org) column("org_id")
#pragma db member(model::magic_link::of_case) column("case_id")
#pragma db member(model::magic_link::collaborator) column("collaborator_id")
#pragma db member(model::magic_link::secret) column("")

// ---- native statements
#pragma db view(store::effect_view)
#pragma db view(store::truth_view)
#pragma db view(store::text_view)
#pragma db view(store::instant_view)
#pragma db view(store::bytes_view)
#pragma db member(store::bytes_view::bytes) type("BYTEA")
#pragma db view(store::entry_view)
#pragma db view(store::id_view)
#pragma db view(store::case_list_view)
#pragma db view(store::caseload_line_view)
#pragma db view(store::found_view)
#pragma db view(store::task_view)
#pragma db view(store::membership_view)
#pragma db view(store::plan_view)
#pragma db view(store::person_view)
#pragma db view(store::login_view)
#pragma db view(store::digest_due_view)
#pragma db view(store::digest_recipient_view)
#pragma db view(store::digest_assignment_view)
#pragma db view(store::digest_entry_view)
#pragma db view(store::digest_frozen_view)
#pragma db view(store::digest_way_view)
#pragma db view(store::digest_count_view)
#pragma db view(store::digest_organisation_view)
#pragma db view(store::due_mail_view)
#pragma db view(store::mail_turn_view)
#pragma db view(store::mail_line_view)
#pragma db view(store::mail_news_view)
#pragma db view(store::outbox_count_view)
#pragma db view(store::due_signature_view)
#pragma db view(store::signature_place_view)
#pragma db view(store::signature_count_view)
