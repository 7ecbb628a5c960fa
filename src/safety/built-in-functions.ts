/**
 * Functions of PostgreSQL 18 (and of the contrib modules uuid-ossp, pgcrypto, unaccent) that can stand in a
 * DEFAULT, from pg_proc.provolatile. A name with any volatile variant counts as volatile.
 */
export const volatileFunctions: ReadonlySet<string> = new Set(
  `array_sample array_shuffle clock_timestamp current_query currval gen_random_bytes gen_random_uuid gen_salt
  lastval nextval pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
  pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_nextoid pg_notify pg_sleep
  pg_sleep_for pg_sleep_until pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
  pg_try_advisory_xact_lock_shared random random_normal set_config setseed setval timeofday txid_status
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7`.split(/\s+/),
);

/** The immutable and stable ones. */
export const steadyFunctions: ReadonlySet<string> = new Set(
  `abs acos acosd acosh age area array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_remove array_replace array_reverse array_sort array_to_json array_to_string
  array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit_count bit_length box
  broadcast btrim cardinality cbrt ceil ceiling center char_length character_length chr circle col_description
  concat concat_ws convert convert_from convert_to cos cosd cosh cot cotd crc32 crc32c crypt current_database
  current_schema current_schemas current_setting current_user date date_add date_bin date_part date_subtract
  date_trunc datemultirange daterange decode degrees diagonal diameter digest div encode enum_first enum_last
  enum_range erf erfc exp extract factorial family floor format format_type gamma gcd generate_series
  generate_subscripts get_bit get_byte get_current_ts_config height hmac host hostmask icu_unicode_version
  initcap int4 int4multirange int4range int8 int8multirange int8range is_normalized isclosed isempty isfinite
  ishorizontal isopen isparallel isperp isvertical json_array_length json_build_array json_build_object
  json_object json_strip_nulls json_to_tsvector json_typeof jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_insert jsonb_object jsonb_path_exists jsonb_path_exists_tz jsonb_path_match
  jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
  jsonb_path_query_first_tz jsonb_path_query_tz jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
  jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lcm left length lgamma like
  like_escape line ln log log10 lower lower_inf lpad lseg ltrim macaddr8_set7bit make_date make_interval
  make_time make_timestamp make_timestamptz makeaclitem masklen md5 min_scale mod multirange netmask network
  normalize notlike now npoints num_nonnulls num_nulls numeric nummultirange numnode numrange obj_description
  octet_length oidvectortypes overlaps overlay parse_ident pclose phraseto_tsquery pi plainto_tsquery point
  polygon popen position pow power querytree quote_ident quote_literal quote_nullable radians radius range_merge
  regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
  regexp_split_to_table regexp_substr repeat replace reverse right round row_security_active row_to_json rpad
  rtrim satisfies_hash_partition scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384
  sha512 shobj_description sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt
  st_geomfromtext st_makepoint st_setsrid statement_timestamp string_to_array string_to_table strip strpos
  substr substring system_user tan tand tanh text textlen timestamp timestamptz timezone to_ascii to_bin to_char
  to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper
  to_regoperator to_regproc to_regprocedure to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector
  transaction_timestamp translate trim trim_array trim_scale trunc tsmultirange tsquery_phrase tsrange
  tstzmultirange tstzrange tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot
  txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unaccent unicode_assigned
  unicode_version unistr unnest upper upper_inf uuid_extract_timestamp uuid_extract_version uuid_generate_v3
  uuid_generate_v5 uuid_nil version websearch_to_tsquery width width_bucket xml_is_well_formed
  xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlconcat2 xmlexists xmltext xmlvalidate
  xpath xpath_exists`.split(/\s+/),
);
