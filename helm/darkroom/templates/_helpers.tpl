{{/* Name of all objects of the release. */}}
{{- define "darkroom.name" -}}
{{- if contains "darkroom" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-darkroom" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select the operator's pods. Never change them: the selector of a Deployment is immutable. */}}
{{- define "darkroom.selector" -}}
app.kubernetes.io/name: darkroom
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "darkroom.labels" -}}
{{ include "darkroom.selector" . }}
app.kubernetes.io/part-of: darkroom
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "darkroom.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "darkroom.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "darkroom.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Name of the objects made for a store. Argument: (list root store). */}}
{{- define "darkroom.storeObject" -}}
{{- printf "%s-store-%s" (include "darkroom.name" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* Mount path of the volume of a store. */}}
{{- define "darkroom.storePath" -}}
/var/lib/darkroom/stores/{{ . }}
{{- end -}}

{{/* Annotation that keeps an object on uninstall. Argument: the values of a store. */}}
{{- define "darkroom.keep" -}}
{{- if ne (toString .keep) "false" }}
annotations:
  helm.sh/resource-policy: keep
{{- end }}
{{- end -}}
